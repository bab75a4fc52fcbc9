#include "subject/walk.h"

namespace mingxin::subject {
namespace {

constexpr store::Sql kLast{"subject.last", "select coalesce(max(id), 0) from subject where tenant = $1"};
constexpr store::Sql kBetween{
    "subject.between", "select code from subject where id > $2 and id <= $3 and tenant = $1 order by id"};

}  // namespace

Result<std::int64_t> last_id(store::ReadTx& tx, std::int64_t tenant) {
    auto rows = TRY(tx.query(kLast, {tenant}));
    return TRY(rows.next()) ? rows.integer(0) : 0;
}

Result<std::vector<std::string>> codes_between(store::ReadTx& tx, std::int64_t tenant, std::int64_t after,
                                               std::int64_t up_to) {
    std::vector<std::string> codes;
    auto rows = TRY(tx.query(kBetween, {tenant, after, up_to}));
    while (TRY(rows.next())) codes.emplace_back(rows.text(0));
    return codes;
}

}  // namespace mingxin::subject
