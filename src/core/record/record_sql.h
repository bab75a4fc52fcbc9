// Named statements of the record tables. Internal to this folder.
#pragma once
#include "store/store.h"

namespace mingxin::record {
const store::Table& batch_table();
}

namespace mingxin::record::sql {

using store::Sql;

#define MINGXIN_RECORD_COLUMNS \
    "position, item, subject, event, row, start, valid_to, stated_end, severity, received_us, ended_us"

inline constexpr Sql kBySubject{"record.by_subject", "select " MINGXIN_RECORD_COLUMNS
                                                     " from record where tenant = $1 and subject = $2 "
                                                     "order by position"};
inline constexpr Sql kByPosition{"record.by_position", "select " MINGXIN_RECORD_COLUMNS
                                                       " from record where tenant = $1 and position = $2"};
inline constexpr Sql kReplacedBy{"record.replaced_by",
                                 "select n.event, n.row, n.ended_us, n.position from record o "
                                 "join record n on n.position = o.ended_by "
                                 "where o.tenant = $1 and o.position = $2"};
inline constexpr Sql kByKey{
    "record.by_key",
    "select position, ended_us, ended_by from record where tenant = $1 and item = $2 and "
    "key = $3 and ended_by >= 0 order by position desc limit 1"};
// +item: by the subject, not by all records of the item.
inline constexpr Sql kByChain{
    "record.by_chain",
    "select position, start from record where tenant = $1 and subject = $2 and +item = $3 and "
    "chain = $4 and ended_us = 0 and start <= $5 order by start desc, position desc"};
inline constexpr Sql kAny{"record.any", "select 1 from record where tenant = $1 and item = $2 limit 1"};
// What was withdrawn before stays ended since then; it only gets a successor.
inline constexpr Sql kEnd{"record.end",
                          "update record set ended_us = case when ended_us = 0 then $2 else ended_us end, "
                          "ended_by = $3 where position = $1"};
// $3: whatever its key; else only where the same key makes it the same act.
inline constexpr Sql kKeepClock{
    "record.keep_clock",
    "update record set first_us = coalesce((select o.first_us from record o where o.position = $2 and "
    "(o.key = record.key or cast($3 as bigint) = 1)), first_us) where position = $1"};
inline constexpr Sql kBatchByKey{
    "batch.by_key", "select id from batch where unit_code = $1 and idempotency_key = $2 limit 1"};
inline constexpr Sql kBatchById{"batch.by_id", "select id from batch where id = $1"};
inline constexpr Sql kAddDoubtful{
    "doubtful.add",
    "insert into doubtful (position, tenant, item, event, row, candidate, fault, received_us, decided_us, "
    "judged_by, judged_in) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0)"};
inline constexpr Sql kWaitedSince{"doubtful.waited_since",
                                  "select received_us from doubtful where position = $1"};
inline constexpr Sql kJudge{
    "doubtful.judge",
    "update doubtful set decided_us = $2, judged_by = $3, judged_in = $4 where position = $1"};

inline constexpr Sql kCountRecords{"record.count",
                                   "select count(*) from record where tenant = $1 and ended_us = 0"};
inline constexpr Sql kCountDoubtful{"doubtful.count",
                                    "select count(*) from doubtful where tenant = $1 and decided_us = 0"};

}  // namespace mingxin::record::sql
