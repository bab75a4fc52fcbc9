// What the site shows of columns and articles: plain values that main fills from the content service.
// Everything in them may be shown to the public at the instant that was asked for; the pages decide nothing.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace mingxin::site {

struct ContentColumn {
    std::string slug, name, name_en, about, about_en, kind;  // kind: "articles", "campaigns", "agencies" ...
    std::vector<std::string> items;                          // of kind "records": catalogue items
    bool ended = false;
    std::string ended_reason;
};

/// An article in a list.
struct ContentEntry {
    std::int64_t id = 0;
    std::string column, title, summary;
    std::string cover, cover_alt;  // digest; empty: none
    int cover_width = 0, cover_height = 0;
    std::string subject_code;
    std::optional<Date> event_from, event_to;
    bool yearly = false;
    Instant first, changed;
};

/// A place in a list; what comes behind it is older.
struct ContentPlace {
    Instant first{INT64_MAX};
    std::int64_t id = INT64_MAX;
};

/// Something that the public saw change: a correction, or a time without the article.
struct ContentChange {
    Instant when;
    bool withdrawn = false;
    std::string note;
    std::vector<std::string> removed, added;  // lines, for columns of kind "lists"
};

struct ContentArticle {
    enum class State { shown, ended, withdrawn };
    State state = State::shown;
    std::int64_t id = 0;
    std::string column;
    Instant first, changed, until;     // until: when it ended or was withdrawn
    std::string reason;                // of a withdrawal
    std::string title, summary, html;  // html: rendered by the content service, safe
    std::string source, unit, cover, cover_alt;
    int cover_width = 0, cover_height = 0;
    std::vector<std::pair<std::string, std::string>> facts;
    std::string subject_code;
    std::optional<Date> event_from, event_to, valid_until;
    bool yearly = false;
    std::vector<ContentChange> changes;  // newest first
};

struct ContentPicture {
    std::string bytes, type;
};

/// Reads of the content service, each as of an instant.
struct Content {
    std::function<Result<std::vector<ContentColumn>>(store::ReadTx&)> columns;
    std::function<Result<std::vector<ContentEntry>>(store::ReadTx&, std::string_view column,
                                                    const ContentPlace&, int limit, Instant)>
        list;
    std::function<Result<std::int64_t>(store::ReadTx&, std::string_view column, Instant)> count;
    /// Of the columns on the home page.
    std::function<Result<std::vector<ContentEntry>>(store::ReadTx&, int limit, Instant)> newest;
    /// Those with a day, by it.
    std::function<Result<std::vector<ContentEntry>>(store::ReadTx&, Instant)> events;
    /// Numbers of all that is shown.
    std::function<Result<std::vector<std::int64_t>>(store::ReadTx&, Instant)> all;
    /// nullopt: the public never saw it.
    std::function<Result<std::optional<ContentArticle>>(store::ReadTx&, std::int64_t id, Instant)> article;
    /// nullopt: nothing that is shown holds it.
    std::function<Result<std::optional<ContentPicture>>(store::ReadTx&, std::string_view digest, Instant)>
        picture;
};

}  // namespace mingxin::site
