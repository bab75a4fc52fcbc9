// For tests: a platform with columns and people who write, review and release.
#pragma once
#include <doctest/doctest.h>
#include <zlib.h>

#include <functional>

#include "access/access.h"
#include "content/check.h"
#include "content/content.h"
#include "content/content_json.h"
#include "content/events.h"
#include "content/picture_file.h"
#include "content/public.h"
#include "record/testing/registry.h"
#include "store/test_engines.h"

namespace mingxin::content::test {

using record::test::day;
using record::test::must;
using record::test::rules;

inline const Instant kNow = *parse_instant("2026-11-20T04:05:06.000000Z");

inline Instant later_h(std::int64_t hours) {
    return {kNow.us + hours * 3'600'000'000};
}

/// Somebody who holds all permissions of content: what stops them is the three-person rule alone.
inline api::Principal person(const std::string& name) {
    api::Principal who;
    who.name = "content_writer:" + name;
    who.display_zh = name;
    who.session_id = "s";
    for (api::Permission permission :
         {api::Permission::content_view, api::Permission::content_edit, api::Permission::content_review,
          api::Permission::content_release, api::Permission::content_columns}) {
        who.permissions[static_cast<std::size_t>(permission)] = true;
    }
    return who;
}

inline Text text(const std::string& title = "我县开展诚信宣传活动") {
    Text text;
    text.column = "news";
    text.title = title;
    text.summary = "活动的简要情况";
    text.body = "活动于本周举行。\n\n## 做法\n\n- 发放手册\n- 现场咨询";
    text.source = "信用鲁山";
    text.unit = "县信用办";
    return text;
}

inline std::string chunk(const std::string& type, const std::string& content) {
    const auto four = [](std::uint32_t n) {
        return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                           static_cast<char>(n)};
    };
    const std::string body = type + content;
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return four(static_cast<std::uint32_t>(content.size())) + body + four(static_cast<std::uint32_t>(crc));
}

/// A grey PNG; more: chunks before its data.
inline std::string png(int width, int height, const std::string& more = {}) {
    const auto four = [](int n) {
        return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                           static_cast<char>(n)};
    };
    std::string rows;
    for (int y = 0; y < height; ++y)
        rows += std::string(1, '\0') + std::string(static_cast<std::size_t>(width), '\x80');
    std::string packed(compressBound(rows.size()), '\0');
    uLongf size = packed.size();
    REQUIRE(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                     reinterpret_cast<const Bytef*>(rows.data()), rows.size()) == Z_OK);
    packed.resize(size);
    return std::string("\x89PNG\r\n\x1a\n", 8) +
           chunk("IHDR", four(width) + four(height) + std::string("\x08\x00\x00\x00\x00", 5)) + more +
           chunk("IDAT", packed) + chunk("IEND", "");
}

class Newsroom {
  public:
    explicit Newsroom(store::Database& database) : database_(database) {
        must(database.create(journal::tables()));
        must(database.create(access::tables()));
        must(database.create(subject::tables()));
        must(database.create(record::tables()));
        must(database.create(content::tables()));
        column({.slug = "news", .name = "信用动态", .name_en = "News", .on_home = true});
    }

    /// Runs one write; commits when it succeeds.
    template <class T>
    Result<T> write(const std::function<Result<T>(store::Tx&)>& work, Instant now = kNow) {
        auto tx = must(database_.write());
        auto result = work(tx);
        if (!result.ok()) return result;
        must(journal::seal(tx, key_, "mingxin/410423", now));
        must(tx.commit());
        return result;
    }
    Column column(Column column, const std::string& by = "li") {
        const api::Principal who = person(by);
        return must(write<Column>([&](store::Tx& tx) { return save_column(tx, desk, {who, kNow}, column); }));
    }
    using Verb = std::function<Result<Done>(store::Tx&, const Actor&)>;
    Result<Done> act(const std::string& by, Instant now, const Verb& verb) {
        const api::Principal who = person(by);
        return write<Done>([&](store::Tx& tx) { return verb(tx, {who, now}); }, now);
    }
    Result<Done> save(const std::string& by, const Text& text, std::int64_t article = 0,
                      std::int64_t revision = 0, Instant now = kNow) {
        return act(by, now, [&](store::Tx& tx, const Actor& actor) {
            return save_draft(tx, desk, actor, article, revision, text);
        });
    }
    Result<Done> submit(const std::string& by, const Done& draft, Instant now = kNow) {
        return act(by, now, [&](store::Tx& tx, const Actor& actor) {
            return content::submit(tx, desk, actor, draft.id, draft.revision, "");
        });
    }
    Result<Done> pass(const std::string& by, const Done& in, const std::string& note = "",
                      Instant now = kNow) {
        return act(by, now, [&](store::Tx& tx, const Actor& actor) {
            return content::pass(tx, desk, actor, in.id, in.version, note);
        });
    }
    Result<Done> release(const std::string& by, const Done& in, const std::string& note = "",
                         Instant now = kNow) {
        return act(by, now, [&](store::Tx& tx, const Actor& actor) {
            return content::release(tx, desk, actor, in.id, in.version, note);
        });
    }
    Result<Done> send_back(const std::string& by, const Done& in, const std::string& note,
                           bool recall = false) {
        return act(by, kNow, [&](store::Tx& tx, const Actor& actor) {
            return content::send_back(tx, desk, actor, in.id, in.version, note, recall);
        });
    }
    Result<Done> withdraw(const std::string& by, std::int64_t article, const std::string& reason,
                          Instant now = kNow) {
        return act(by, now, [&](store::Tx& tx, const Actor& actor) {
            return content::withdraw(tx, desk, actor, article, reason);
        });
    }
    /// Through all three hands.
    Done publish(const Text& text, Instant now = kNow, std::int64_t article = 0) {
        const Done draft = must(save("wang", text, article, 0, now));
        const Done submitted = must(submit("wang", draft, now));
        must(pass("li", submitted, "核对无误", now));
        return must(release("zhao", submitted, "同意发布", now));
    }
    std::optional<ShownArticle> seen(std::int64_t article, Instant now = kNow) {
        auto tx = must(database_.read());
        return must(shown_article(tx, article, now));
    }
    std::vector<std::string> titles(const std::string& column = "news", Instant now = kNow) {
        auto tx = must(database_.read());
        std::vector<std::string> all;
        for (const ShownRow& row : must(shown_in(tx, column, {}, 100, now))) all.push_back(row.title);
        return all;
    }
    store::Database& database() { return database_; }

    Desk desk{rules(), record::test::kTenant};

  private:
    store::Database& database_;
    crypto::Sm2Key key_ = crypto::Sm2Key::generate();
};

template <class T>
Fault fault_of(const Result<T>& result) {
    REQUIRE_FALSE(result.ok());
    return result.error().fault;
}

inline void in_newsroom(const std::function<void(Newsroom&)>& scenario) {
    store::for_each_engine([&](store::Database& database, const std::string&) {
        Newsroom room(database);
        scenario(room);
    });
}

}  // namespace mingxin::content::test
