// Table and statements of remembered mappings. Internal to collect.
#pragma once
#include "store/store.h"

namespace mingxin::collect {

inline const store::Table kMappingTable{
    "column_mapping",
    {{"id", store::ColumnType::integer},  // number of the event that remembered it
     {"unit_code", store::ColumnType::text},
     {"item", store::ColumnType::text},
     {"headers", store::ColumnType::text},  // header_set()
     {"columns", store::ColumnType::text},  // encode_columns()
     {"saved_by", store::ColumnType::text},
     {"saved_us", store::ColumnType::integer},
     {"ended_us", store::ColumnType::integer}},  // 0: in force
    "id",
    {{"column_mapping_unit", "unit_code, item, headers"}}};

namespace sql {

#define MINGXIN_MAPPING \
    "SELECT id, unit_code, item, columns, saved_by, saved_us, ended_us FROM column_mapping "

inline const store::Sql kMappingsOf{"collect.mappings_of",
                                    MINGXIN_MAPPING "WHERE unit_code = $1 AND item = $2 ORDER BY id DESC"};
inline const store::Sql kMappingsInForce{
    "collect.mappings_in_force",
    MINGXIN_MAPPING "WHERE ($1 = 1 OR unit_code = $2) AND ended_us = 0 ORDER BY id DESC"};
inline const store::Sql kFindMapping{"collect.find_mapping", MINGXIN_MAPPING "WHERE id = $1"};
inline const store::Sql kReplaceMapping{"collect.replace_mapping",
                                        "UPDATE column_mapping SET ended_us = $4 WHERE unit_code = $1 AND "
                                        "item = $2 AND headers = $3 AND ended_us = 0"};
inline const store::Sql kEndMapping{"collect.end_mapping",
                                    "UPDATE column_mapping SET ended_us = $2 WHERE id = $1 AND ended_us = 0"};
#undef MINGXIN_MAPPING

}  // namespace sql

}  // namespace mingxin::collect
