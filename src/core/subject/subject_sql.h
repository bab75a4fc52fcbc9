// Named statements of the subject tables. Internal to this folder.
#pragma once
#include "store/store.h"

namespace mingxin::subject::sql {

using store::Sql;

#define MINGXIN_SUBJECT_COLUMNS "id, code, name, base, established, state, registration, industry"

inline constexpr Sql kFindByCode{
    "subject.by_code", "select " MINGXIN_SUBJECT_COLUMNS " from subject where tenant = $1 and code = $2"};
inline constexpr Sql kFindById{"subject.by_id",
                               "select " MINGXIN_SUBJECT_COLUMNS " from subject where id = $1"};
inline constexpr Sql kFindByNameHash{"subject.by_name_hash",
                                     "select " MINGXIN_SUBJECT_COLUMNS
                                     " from subject where tenant = $1 and name_hash = $2 order by id"};
inline constexpr Sql kFormerByNameHash{
    "subject.former_by_name_hash",
    "select code, name from former_name where tenant = $1 and name_hash = $2 order by code, position"};
inline constexpr Sql kFormerByCode{
    "subject.former_by_code",
    "select name, position from former_name where tenant = $1 and code = $2 order by position, name"};
inline constexpr Sql kFindByIdentifier{
    "subject.by_identifier",
    "select code from subject_identifier where tenant = $1 and value = $2 order by code"};
inline constexpr Sql kFindByOrganisationCode{
    "subject.by_organisation_code",
    "select code from subject where tenant = $1 and substr(code, 9, 9) = $2 order by code"};
inline constexpr Sql kAny{"subject.any", "select 1 from subject where tenant = $1 limit 1"};
inline constexpr Sql kCountByBase{
    "subject.count_by_base",
    "select base, count(*) from subject where tenant = $1 group by base order by base"};
inline constexpr Sql kAddFormer{
    "subject.add_former",
    "insert into former_name (tenant, code, position, name, name_hash) "
    "values ($1, $2, $3, $4, $5) on conflict (tenant, code, position, name) do nothing"};
inline constexpr Sql kAddIdentifier{
    "subject.add_identifier",
    "insert into subject_identifier (tenant, value, code) values ($1, $2, $3) "
    "on conflict (tenant, value, code) do nothing"};
inline constexpr Sql kRegister{
    "subject.register",
    "update subject set name_hash = $3, established = $4, state = $5, registration = $6, industry = $7 "
    "where tenant = $1 and code = $2"};

}  // namespace mingxin::subject::sql
