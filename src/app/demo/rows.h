// Rows of the three catalogue items as a careful department would write them; dirt comes later (dirt.h).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "demo/county.h"
#include "demo/words.h"

namespace mingxin::demo {

using Row = std::vector<std::string>;

/// A column: field code and Chinese name, of which a file's header uses one.
struct Column {
    std::string_view code, name_zh;
};

/// Positions in the rows that dirt and tests speak of.
struct RegistrationColumn {
    enum { name, code, type, person, established, capital, address, scope, state, industry, count_ };
};
struct PermitColumn {
    enum {
        name,
        party,
        code,
        person,
        certificate_type,
        certificate_no,
        document,
        document_no,
        kind,
        licence,
        number,
        content,
        decided,
        from,
        to,
        organ,
        organ_code,
        state,
        source,
        source_code,
        remark,
        count_
    };
};
struct PenaltyColumn {
    enum {
        name,
        party,
        code,
        person,
        certificate_type,
        certificate_no,
        document_no,
        violation,
        facts,
        basis,
        kinds,
        content,
        fine,
        confiscated,
        licence,
        decided,
        valid_to,
        public_to,
        organ,
        organ_code,
        source,
        source_code,
        remark,
        count_
    };
};

enum class Item { registration, permit, penalty };
/// "registration", "permit", "penalty".
std::string_view item_name(Item item);
std::vector<Column> columns(Item item);

/// How a file writes what departments write differently.
struct Style {
    enum class Dates { slashes, dashes, chinese, day_time } dates = Dates::slashes;
    int brackets = 0;  // of document numbers: 0 to 5
    bool chinese_header = false;
};
std::string write_date(Date date, Style::Dates form);

/// state: "存续", "注销" ... ; year: as the organisation is called then. row is reused: its strings keep
/// memory.
void fill_registration(const County& county, std::int64_t organisation, int year, std::string_view state,
                       const Style& style, Row& row);

/// Which department acts when, and the running number of the document.
struct Act {
    int department = 0;
    int year = 0;
    std::int64_t number = 0;
};
void fill_permit(const County& county, const Act& act, std::int64_t organisation, const Style& style,
                 Dice& dice, Row& row);
void fill_penalty(const County& county, const Act& act, std::int64_t organisation, const Style& style,
                  Dice& dice, Row& row);

}  // namespace mingxin::demo
