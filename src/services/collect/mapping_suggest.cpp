#include "collect/mapping_suggest.h"

#include <algorithm>
#include <optional>

#include "collect/column_facts.h"
#include "collect/header_words.h"
#include "collect/reply.h"

namespace mingxin::collect {

using rulebook::Field;
using rulebook::FieldType;
using rulebook::Role;

namespace {

constexpr double kFits = 0.8, kHalf = 0.5;  // shares of cells
constexpr double kClose = 0.06;             // scores that can't be told apart
constexpr double kCloseOrgans = 0.25;  // of the deciding organ and the unit that sends: the cells look alike
constexpr double kLikeCertificate = 0.6;      // likeness from which a header speaks of a person's certificate
constexpr std::int64_t kSurelyYuan = 10'000;  // hundredths: no fine is a hundred times 万元 as a rule

/// What the cells say about a field.
struct Evidence {
    enum class Weight { none, some, strong } weight = Weight::none;
    double share = 0;          // of the cells that fit
    bool against = false;      // the field wants what these cells are not
    std::string_view what_zh;  // "都是日期"
};

bool is_certificate_of_person(Role role) {
    return role == Role::person_certificate_no || role == Role::legal_certificate_no;
}

Evidence evidence(Evidence::Weight weight, double share, std::string_view what_zh, bool typed = true) {
    return {share >= kHalf ? weight : Evidence::Weight::none, share, typed && share < kHalf, what_zh};
}

/// Codes of public bodies stand in the columns of organs, those of others in that of the party; a party may
/// be a public body, but not in every row the same one.
Evidence evidence_of_code(Role role, const ColumnFacts& facts) {
    using Weight = Evidence::Weight;
    const double organs = facts.share(facts.codes_of_organs), all = facts.share(facts.codes);
    const bool organ_column = facts.codes_of_organs * 2 > facts.codes;
    switch (role) {
        case Role::uscc:
            if (organ_column)
                return evidence(Weight::some, facts.distinct * 2 > facts.filled ? all : 0,
                                "是有效的统一社会信用代码");
            return evidence(Weight::strong, all, "是有效的统一社会信用代码");
        case Role::organ_code:
        case Role::source_code:
            return evidence(Weight::some, organs, "是机关的统一社会信用代码");
        case Role::organisation_code:
            return evidence(Weight::strong, facts.share(facts.organisation_codes), "是有效的组织机构代码");
        case Role::registration_no:
            return evidence(Weight::some, facts.share(facts.registration_numbers), "有注册号的形式");
        default:
            // A number of another kind: what is a code or a day is none.
            return {Weight::none, 0, all >= kHalf || facts.share(facts.dates) >= kFits, {}};
    }
}

Evidence evidence_of_text(Role role, const ColumnFacts& facts) {
    using Weight = Evidence::Weight;
    if (facts.share(facts.codes) >= kHalf || facts.share(facts.dates) >= kFits)
        return {Weight::none, 0, true, {}};
    const bool is_name = role == Role::subject_name || role == Role::organ_name ||
                         role == Role::source_name || role == Role::legal_representative;
    if (is_name && facts.share(facts.plain_numbers) >= kHalf) return {Weight::none, 0, true, {}};
    switch (role) {
        case Role::subject_name:
            // Names that differ from row to row are those of the parties, whatever the header says.
            return evidence(facts.distinct * 2 > facts.filled ? Weight::strong : Weight::some,
                            facts.share(facts.organisations), "是单位名称", false);
        case Role::organ_name:
        case Role::source_name:
            return evidence(Weight::some, facts.share(facts.organs), "是机关名称", false);
        case Role::document_no:
            return evidence(Weight::some, facts.share(facts.document_numbers), "是文号", false);
        case Role::legal_representative:
            return evidence(Weight::some, facts.share(facts.short_names), "像是姓名", false);
        default:
            return {};
    }
}

Evidence evidence_for(const Field& field, const ColumnFacts& facts) {
    using Weight = Evidence::Weight;
    if (facts.filled == 0) return {};
    switch (field.type) {
        case FieldType::code:
            return evidence_of_code(field.role, facts);
        case FieldType::date:
            return evidence(Weight::some, facts.share(facts.dates), "是日期");
        case FieldType::money:
            return evidence(Weight::some, facts.share(facts.amounts), "是金额");
        case FieldType::enumeration:
        case FieldType::set:
            // Numbers lie in many lists; words in one.
            return evidence(facts.in_words() ? Weight::strong : Weight::some, facts.share_in(*field.domain),
                            "在规定的取值之内");
        case FieldType::text:
            break;
    }
    return evidence_of_text(field.role, facts);
}

struct Candidate {
    int column = 0, field = 0;
    double score = 0, name = 0;
    Evidence evidence;
};

double score_of(double name, const Evidence& evidence, bool is_empty) {
    if (evidence.against) return 0;
    if (is_empty) return 0.9 * name;
    const bool fits = evidence.share >= kFits;
    switch (evidence.weight) {
        case Evidence::Weight::strong:
            return fits ? 0.65 + 0.35 * name : 0.35 + 0.5 * name;
        case Evidence::Weight::some:
            return fits ? 0.35 + 0.65 * name : 0.15 + 0.65 * name;
        case Evidence::Weight::none:
            break;
    }
    return 0.95 * name;
}

std::string quoted(const Field& field) {
    return "“" + field.name_zh + "”";
}

class Suggester {
  public:
    Suggester(const rulebook::Rulebook& rulebook, const rulebook::Item& item,
              const std::vector<SampledColumn>& columns)
        : item_(item), columns_(columns), guesses_(columns.size()), taken_(item.fields.size(), false) {
        for (const SampledColumn& column : columns) facts_.push_back(facts_of(rulebook, column.cells));
        for (const Field& field : item.fields) {
            names_.push_back({comparable_name(field.name_zh)});
            for (const std::string& alias : field.aliases) names_.back().push_back(comparable_name(alias));
        }
    }

    std::vector<ColumnGuess> guesses() {
        take_known();
        find_candidates();
        for (const Candidate& candidate : candidates_) consider(candidate);
        for (std::size_t i = 0; i < columns_.size(); ++i) finish(i);
        return std::move(guesses_);
    }

  private:
    bool is_free(int field) const { return !taken_[field] || item_.fields[field].type == FieldType::set; }

    bool is_organ(int field) const {
        const Role role = item_.fields[field].role;
        return role == Role::organ_code || role == Role::source_code || role == Role::organ_name ||
               role == Role::source_name;
    }

    /// The header is more like that of a person's certificate than like any other.
    bool speaks_of_certificate(std::size_t column) const {
        const std::u32string header = comparable_name(columns_[column].header);
        double certificate = 0, other = 0;
        for (std::size_t f = 0; f < item_.fields.size(); ++f) {
            double& best = is_certificate_of_person(item_.fields[f].role) ? certificate : other;
            for (const std::u32string& name : names_[f]) best = std::max(best, likeness(header, name));
        }
        return certificate >= kLikeCertificate && certificate >= other;
    }

    void take_known() {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            ColumnGuess& guess = guesses_[i];
            guess.personal = facts_[i].identity_numbers * 3 > facts_[i].filled || speaks_of_certificate(i);
            const int field = item_.field_by_header(columns_[i].header);
            if (field < 0 || !is_free(field)) continue;
            const Field& rule = item_.fields[field];
            const bool own = rulebook::fold_header(columns_[i].header) == rulebook::fold_header(rule.name_zh);
            guess.field = field;
            guess.known = true;
            guess.confidence = 100;
            guess.reason_zh = own ? "列名就是" + quoted(rule) : "列名是" + quoted(rule) + "的另一写法";
            taken_[field] = true;
        }
    }

    bool is_open(std::size_t column) const {
        const std::string& header = columns_[column].header;
        return !guesses_[column].known && !guesses_[column].personal && !header.empty() &&
               header != kOutcomeHeader && header != kRemarkHeader;
    }

    void find_candidates() {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (!is_open(i)) continue;
            const std::u32string header = comparable_name(columns_[i].header);
            for (std::size_t f = 0; f < item_.fields.size(); ++f) {
                if (!is_free(static_cast<int>(f)) || is_certificate_of_person(item_.fields[f].role)) continue;
                Candidate candidate{static_cast<int>(i), static_cast<int>(f)};
                for (const std::u32string& name : names_[f])
                    candidate.name = std::max(candidate.name, likeness(header, name));
                candidate.evidence = evidence_for(item_.fields[f], facts_[i]);
                candidate.score = score_of(candidate.name, candidate.evidence, facts_[i].filled == 0);
                if (candidate.score > 0) candidates_.push_back(candidate);
            }
        }
        std::stable_sort(candidates_.begin(), candidates_.end(),
                         [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    }

    /// Best first: the first that is met for a column is its likeliest.
    void consider(const Candidate& candidate) {
        ColumnGuess& guess = guesses_[candidate.column];
        if (guess.field >= 0 || !is_free(candidate.field) || guess.confidence > 0) return;
        guess.confidence = std::min(99, static_cast<int>(candidate.score * 100 + 0.5));
        const Candidate* rival = rival_of(candidate);
        if (guess.confidence < kSureEnough) {
            guess.reason_zh = "可能是" + quoted(item_.fields[candidate.field]) + "，把握不大，请选定";
        } else if (rival) {
            guess.confidence = kSureEnough - 1;
            guess.reason_zh = rival->column == candidate.column
                                  ? "可能是" + quoted(item_.fields[candidate.field]) + "，也可能是" +
                                        quoted(item_.fields[rival->field]) + "，请选定"
                                  : "与“" + columns_[rival->column].header + "”列都像是" +
                                        quoted(item_.fields[candidate.field]) + "，请选定一列";
            if (rival->column != candidate.column) leave(*rival, candidate);
        } else {
            accept(candidate, guess);
        }
    }

    /// Another field for this column, or another column for this field, that is as likely.
    const Candidate* rival_of(const Candidate& candidate) const {
        for (const Candidate& other : candidates_) {
            const bool same_column = other.column == candidate.column && other.field != candidate.field;
            const bool same_field = other.field == candidate.field && other.column != candidate.column &&
                                    item_.fields[other.field].type != FieldType::set;
            if (!same_column && !same_field) continue;
            const bool are_organs = same_column && is_organ(candidate.field) && is_organ(other.field);
            const double close = are_organs ? kCloseOrgans : kClose;
            if (candidate.score - other.score >= close || !is_free(other.field)) continue;
            if (guesses_[other.column].field >= 0) continue;
            return &other;
        }
        return nullptr;
    }

    void leave(const Candidate& rival, const Candidate& candidate) {
        ColumnGuess& guess = guesses_[rival.column];
        guess.confidence = kSureEnough - 1;
        guess.reason_zh = "与“" + columns_[candidate.column].header + "”列都像是" +
                          quoted(item_.fields[candidate.field]) + "，请选定一列";
    }

    void accept(const Candidate& candidate, ColumnGuess& guess) {
        const ColumnFacts& facts = facts_[candidate.column];
        guess.field = candidate.field;
        taken_[candidate.field] = true;
        std::string reason;
        if (candidate.name >= 0.45) reason = "列名与" + quoted(item_.fields[candidate.field]) + "相近";
        if (candidate.evidence.weight != Evidence::Weight::none) {
            const int fitting = static_cast<int>(candidate.evidence.share * facts.filled + 0.5);
            reason += (reason.empty() ? "" : "，") + std::string("前") + std::to_string(facts.filled) +
                      "格中" + std::to_string(fitting) + "格";
            reason += candidate.evidence.what_zh;
        }
        guess.reason_zh =
            reason.empty() ? "列名与" + quoted(item_.fields[candidate.field]) + "有共同的字" : reason;
    }

    void finish(std::size_t column) {
        ColumnGuess& guess = guesses_[column];
        if (guess.field >= 0 && item_.fields[guess.field].type == FieldType::money) tell_unit(column, guess);
        if (guess.field >= 0 || !guess.reason_zh.empty()) return;
        const bool is_twice = item_.field_by_header(columns_[column].header) >= 0;
        if (guess.personal) {
            guess.reason_zh = "像是个人的证件号码，平台不猜；确需报送时请自己选定";
        } else if (is_twice) {
            guess.reason_zh =
                "另一列已对应" + quoted(item_.fields[item_.field_by_header(columns_[column].header)]);
        } else {
            guess.reason_zh = "看不出对应哪个字段；不属于目录的列不采集";
        }
    }

    void tell_unit(std::size_t column, ColumnGuess& guess) const {
        const std::string header = rulebook::fold_header(columns_[column].header);
        if (!item_.fields[guess.field].money_in_wan_yuan || header.find("万") != std::string::npos) return;
        guess.money_in_yuan = rulebook::header_in_yuan(header);
        if (guess.money_in_yuan || guess.known || facts_[column].middle_amount < kSurelyYuan) return;
        guess.money_in_yuan = true;
        guess.reason_zh += "；数字较大，看来以元为单位，请核对";
    }

    const rulebook::Item& item_;
    const std::vector<SampledColumn>& columns_;
    std::vector<ColumnGuess> guesses_;
    std::vector<bool> taken_;  // by field
    std::vector<ColumnFacts> facts_;
    std::vector<std::vector<std::u32string>> names_;  // by field, with aliases
    std::vector<Candidate> candidates_;               // best first
};

}  // namespace

std::vector<ColumnGuess> suggest_mapping(const rulebook::Rulebook& rulebook, const rulebook::Item& item,
                                         const std::vector<SampledColumn>& columns) {
    return Suggester(rulebook, item, columns).guesses();
}

}  // namespace mingxin::collect
