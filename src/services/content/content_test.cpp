// Columns, drafts, three reviews, showings; on both engines.
#include "content/testing/newsroom.h"

using namespace mingxin;
using namespace mingxin::content;
using namespace mingxin::content::test;

TEST_CASE("an article is public once three different people had it in their hands") {
    in_newsroom([](Newsroom& room) {
        const Done draft = must(room.save("wang", text("三审")));
        CHECK(draft.stage == Stage::draft);
        CHECK(fault_of(room.pass("li", {draft.id, {}, {}, 1, 0})) == Fault::article_state);
        const Done submitted = must(room.submit("wang", draft));
        CHECK(submitted.stage == Stage::first_review);
        CHECK(submitted.revision == 0);
        CHECK_FALSE(room.seen(draft.id));
        CHECK(fault_of(room.pass("wang", submitted)) == Fault::person_repeated);
        CHECK(fault_of(room.release("zhao", submitted)) == Fault::article_state);
        CHECK(must(room.pass("li", submitted)).stage == Stage::final_review);
        CHECK(fault_of(room.release("wang", submitted)) == Fault::person_repeated);
        CHECK(fault_of(room.release("li", submitted)) == Fault::person_repeated);
        CHECK_FALSE(room.seen(draft.id));
        CHECK(room.titles().empty());
        const Done released = must(room.release("zhao", submitted));
        CHECK(released.stage == Stage::none);
        CHECK(released.visibility == Visibility::shown);
        REQUIRE(room.seen(draft.id));
        CHECK(room.seen(draft.id)->text.title == "三审");
        CHECK(room.seen(draft.id)->html.find("<h2>做法</h2>") != std::string::npos);
        CHECK(room.titles() == std::vector<std::string>{"三审"});
        CHECK(fault_of(room.release("zhao", submitted)) == Fault::article_state);
    });
}

TEST_CASE("everybody who had a part in the text is one of its writers, also after it was sent back") {
    in_newsroom([](Newsroom& room) {
        Done draft = must(room.save("wang", text()));
        draft = must(room.save("li", text("改过"), draft.id, draft.revision));
        Done submitted = must(room.submit("li", draft));
        CHECK(fault_of(room.pass("wang", submitted)) == Fault::person_repeated);
        CHECK(fault_of(room.send_back("zhao", submitted, " ")) == Fault::content_malformed);
        const Done back = must(room.send_back("zhao", submitted, "请补充时间"));
        CHECK(back.stage == Stage::returned);
        CHECK(back.revision > 0);
        draft = must(room.save("sun", text("再改"), draft.id, back.revision));
        submitted = must(room.submit("sun", draft));
        CHECK(submitted.version == 2);
        for (const char* writer : {"wang", "li", "sun"}) {
            CHECK(fault_of(room.pass(writer, submitted)) == Fault::person_repeated);
        }
        CHECK(fault_of(room.send_back("zhao", submitted, "", true)) == Fault::article_state);
        CHECK(must(room.send_back("wang", submitted, "", true)).stage == Stage::returned);
    });
}

TEST_CASE("a tab that holds an older draft overwrites nothing") {
    in_newsroom([](Newsroom& room) {
        const Done first = must(room.save("wang", text("一")));
        const Done second = must(room.save("wang", text("二"), first.id, first.revision));
        CHECK(second.revision > first.revision);
        CHECK(fault_of(room.save("wang", text("旧"), first.id, first.revision)) == Fault::content_changed);
        CHECK(fault_of(room.save("wang", text("旧"), first.id, 0)) == Fault::content_changed);
        CHECK(fault_of(room.submit("wang", first)) == Fault::content_changed);
        const Done submitted = must(room.submit("wang", second));
        CHECK(fault_of(room.save("wang", text("审核中"), first.id, second.revision)) == Fault::article_state);
        const Done back = must(room.send_back("li", submitted, "退回"));
        CHECK(fault_of(room.save("wang", text("旧"), first.id, second.revision)) == Fault::content_changed);
        CHECK(room.save("wang", text("新"), first.id, back.revision).ok());
    });
}

TEST_CASE("a correction goes the same way while the old version stays public, and tells why") {
    in_newsroom([](Newsroom& room) {
        const Done first = room.publish(text("初版"));
        Text changed = text("更正版");
        Done draft = must(room.save("wang", changed, first.id, 0, later_h(1)));
        CHECK(fault_of(room.submit("wang", draft, later_h(1))) == Fault::content_malformed);
        changed.change_note = "更正活动日期";
        draft = must(room.save("wang", changed, first.id, draft.revision, later_h(1)));
        const Done submitted = must(room.submit("wang", draft, later_h(1)));
        must(room.pass("li", submitted, "", later_h(2)));
        CHECK(room.seen(first.id, later_h(2))->text.title == "初版");
        must(room.release("zhao", submitted, "", later_h(3)));
        const auto seen = room.seen(first.id, later_h(3));
        CHECK(seen->text.title == "更正版");
        REQUIRE(seen->versions.size() == 2);
        CHECK(seen->versions[0].change_note == "更正活动日期");
        CHECK(seen->first == kNow);
        auto tx = must(room.database().read());
        CHECK(must(seen_version(tx, first.id, 1, later_h(3)))->title == "初版");
        CHECK_FALSE(must(seen_version(tx, first.id, 3, later_h(3))));
    });
}

TEST_CASE("release times and last days are decided by the clock of the reader") {
    in_newsroom([](Newsroom& room) {
        Text timed = text("定时");
        timed.release_at = parse_minute("2026-11-21T09:00");
        timed.valid_until = day("2026-11-22");
        const Done done = room.publish(timed);
        CHECK(done.visibility == Visibility::scheduled);
        const Instant begin = *parse_instant("2026-11-21T01:00:00.000000Z");
        const Instant end = *parse_instant("2026-11-22T16:00:00.000000Z");  // 23 November in Shanghai
        CHECK_FALSE(room.seen(done.id, {begin.us - 1}));
        CHECK(room.seen(done.id, begin)->visibility == Visibility::shown);
        CHECK(room.seen(done.id, {end.us - 1})->visibility == Visibility::shown);
        const auto ended = room.seen(done.id, end);
        CHECK(ended->visibility == Visibility::ended);
        CHECK(ended->text.title.empty());
        CHECK(room.titles("news", {begin.us - 1}).empty());
        CHECK(room.titles("news", begin).size() == 1);
        CHECK(room.titles("news", end).empty());
        Text late = text("过期");
        late.valid_until = day("2026-11-19");
        const Done submitted = must(room.submit("wang", must(room.save("wang", late))));
        must(room.pass("li", submitted));
        CHECK(fault_of(room.release("zhao", submitted)) == Fault::article_state);
    });
}

TEST_CASE("what is withdrawn is gone at once, its page says why; what was never public leaves no trace") {
    in_newsroom([](Newsroom& room) {
        const Done shown = room.publish(text("撤回"));
        CHECK(fault_of(room.withdraw("zhao", shown.id, "")) == Fault::content_malformed);
        CHECK(fault_of(room.withdraw("zhao", shown.id, "含身份证号410423199003071001", later_h(1))) ==
              Fault::content_rejected);
        CHECK(must(room.withdraw("zhao", shown.id, "内容有误", later_h(1))).visibility ==
              Visibility::withdrawn);
        CHECK(room.seen(shown.id)->visibility == Visibility::shown);  // as of before
        const auto gone = room.seen(shown.id, later_h(1));
        CHECK(gone->visibility == Visibility::withdrawn);
        CHECK(gone->reason == "内容有误");
        CHECK(gone->text.title.empty());
        CHECK(gone->versions.empty());
        CHECK(fault_of(room.withdraw("zhao", shown.id, "再撤", later_h(2))) == Fault::article_state);

        Text timed = text("没有公开过");
        timed.release_at = parse_minute("2026-12-01T09:00");
        const Done scheduled = room.publish(timed);
        must(room.withdraw("zhao", scheduled.id, "不发了", later_h(1)));
        CHECK_FALSE(room.seen(scheduled.id, later_h(24 * 30)));

        Text again = text("重新发布");
        again.change_note = "改正后重新发布";
        room.publish(again, later_h(3), shown.id);
        CHECK(room.seen(shown.id, later_h(3))->text.title == "重新发布");
        CHECK(room.seen(shown.id, later_h(3))->versions.back().reason == "内容有误");
    });
}

TEST_CASE("a later release takes the place of one that lies ahead, and is not told before") {
    in_newsroom([](Newsroom& room) {
        const Done done = room.publish(text("甲"));
        Text next = text("乙");
        next.change_note = "更新";
        next.release_at = parse_minute("2026-12-01T09:00");
        room.publish(next, later_h(1), done.id);
        const auto now = room.seen(done.id, later_h(2));
        CHECK(now->text.title == "甲");
        CHECK(now->until == kEndOfTime);
        REQUIRE(now->versions.size() == 1);
        CHECK(now->versions[0].ended_by.empty());
        Text third = text("丙");
        third.change_note = "立即更新";
        room.publish(third, later_h(3), done.id);
        CHECK(room.seen(done.id, later_h(24 * 60))->text.title == "丙");
        CHECK(room.seen(done.id, later_h(24 * 60))->versions.size() == 2);  // 乙 was never seen
    });
}

TEST_CASE("what is rejected can't be submitted; warnings are answered by the reviewers") {
    in_newsroom([](Newsroom& room) {
        Text secret = text("内部资料");
        CHECK(fault_of(room.submit("wang", must(room.save("wang", secret)))) == Fault::content_rejected);
        const Done warned = must(room.submit("wang", must(room.save("wang", text("老赖名录")))));
        CHECK(fault_of(room.pass("li", warned)) == Fault::warning_unanswered);
        must(room.pass("li", warned, "引用法院公告标题"));
        CHECK(fault_of(room.release("zhao", warned)) == Fault::warning_unanswered);
        CHECK(room.release("zhao", warned, "同意").ok());
    });
}

TEST_CASE("texts are checked for form when kept and for being whole when submitted") {
    in_newsroom([](Newsroom& room) {
        const auto refused = [&](const std::function<void(Text&)>& change) {
            Text bad = text();
            change(bad);
            return fault_of(room.save("wang", bad));
        };
        CHECK(refused([](Text& t) { t.title = " "; }) == Fault::content_malformed);
        CHECK(refused([](Text& t) { t.title = std::string(101, 'a'); }) == Fault::content_malformed);
        CHECK(refused([](Text& t) { t.body = std::string(50'001, 'a'); }) == Fault::content_malformed);
        CHECK(refused([](Text& t) { t.subject_code = "91410423"; }) == Fault::content_malformed);
        CHECK(refused([](Text& t) { t.event_to = day("2026-01-01"); }) == Fault::content_malformed);
        CHECK(refused([](Text& t) { t.facts = {{"", "x"}}; }) == Fault::content_malformed);
        CHECK(refused([](Text& t) { t.cover = std::string(64, 'a'); }) == Fault::picture_unknown);
        CHECK(refused([](Text& t) { t.column = "none"; }) == Fault::column_unknown);
        room.column({.slug = "cases", .name = "典型案例", .kind = ColumnKind::cases});
        Text story = text();
        story.column = "cases";
        CHECK(fault_of(room.submit("wang", must(room.save("wang", story)))) == Fault::content_malformed);
        story.consent = "没有提到个人";
        CHECK(room.submit("wang", must(room.save("wang", story))).ok());
        Text empty = text();
        empty.body.clear();
        CHECK(fault_of(room.submit("wang", must(room.save("wang", empty)))) == Fault::content_malformed);
    });
}

TEST_CASE("columns: one name for ever, a revision against two tabs, items only where records are shown") {
    in_newsroom([](Newsroom& room) {
        const auto save = [&](Column column) {
            const api::Principal who = person("li");
            return room.write<Column>([&](store::Tx& tx) {
                return save_column(tx, room.desk, {who, kNow}, column);
            });
        };
        const Column law = must(save({.slug = "policies", .name = "政策法规", .kind = ColumnKind::policies}));
        CHECK(law.revision > 0);
        CHECK(fault_of(save({.slug = "policies", .name = "又一个"})) == Fault::column_exists);
        CHECK(fault_of(save({.slug = "Policies", .name = "大写"})) == Fault::content_malformed);
        CHECK(fault_of(save({.slug = "p", .name = "短"})) == Fault::content_malformed);
        CHECK(fault_of(save({.slug = "none", .name = "没有", .revision = 7})) == Fault::column_unknown);
        CHECK(fault_of(save({.slug = "x-records", .name = "公示", .kind = ColumnKind::records})) ==
              Fault::content_malformed);
        CHECK(fault_of(save(
                  {.slug = "x-records", .name = "公示", .kind = ColumnKind::records, .items = {"gossip"}})) ==
              Fault::item_unknown);
        CHECK(save({.slug = "x-records", .name = "公示", .kind = ColumnKind::records, .items = {"permit"}})
                  .ok());
        Column changed = law;
        changed.name = "政策文件";
        changed = must(save(changed));
        CHECK(changed.name == "政策文件");
        CHECK(fault_of(save(law)) == Fault::content_changed);
        Text article = text();
        article.column = "policies";
        room.publish(article);
        Column kind = changed;
        kind.kind = ColumnKind::lists;
        CHECK(fault_of(save(kind)) == Fault::content_malformed);
    });
}

TEST_CASE("an ended column takes nothing new, but what was public can be corrected and withdrawn") {
    in_newsroom([](Newsroom& room) {
        const Done old = room.publish(text("旧文"));
        const Done waiting = must(room.submit("wang", must(room.save("wang", text("在审")))));
        must(room.pass("li", waiting));
        const auto end = [&](bool ended, std::int64_t revision) {
            const api::Principal who = person("li");
            return room.write<Column>([&](store::Tx& tx) {
                return end_column(tx, room.desk, {who, kNow}, "news", revision, ended, "合并");
            });
        };
        std::int64_t revision = 0;
        {
            auto tx = must(room.database().read());
            revision = must(find_column(tx, "news"))->revision;
        }
        CHECK(fault_of(end(true, 0)) == Fault::content_changed);
        const Column ended = must(end(true, revision));
        CHECK(ended.ended);
        CHECK(ended.ended_reason == "合并");
        CHECK(fault_of(end(true, ended.revision)) == Fault::article_state);
        CHECK(fault_of(room.save("wang", text())) == Fault::column_ended);
        CHECK(fault_of(room.release("zhao", waiting)) == Fault::column_ended);
        CHECK(room.seen(old.id));
        Text corrected = text("旧文更正");
        corrected.change_note = "更正";
        room.publish(corrected, later_h(1), old.id);
        CHECK(room.seen(old.id, later_h(1))->text.title == "旧文更正");
        CHECK(room.withdraw("zhao", old.id, "撤回", later_h(2)).ok());
        CHECK_FALSE(must(end(false, ended.revision)).ended);
        CHECK(room.save("wang", text()).ok());
    });
}

TEST_CASE("a draft may be thrown away; a returned version leaves the work with it") {
    in_newsroom([](Newsroom& room) {
        const auto discard = [&](const Done& draft) {
            return room.act("wang", kNow, [&](store::Tx& tx, const Actor& actor) {
                return discard_draft(tx, room.desk, actor, draft.id, draft.revision);
            });
        };
        const Done draft = must(room.save("wang", text()));
        CHECK(fault_of(discard({draft.id, {}, {}, 0, 1})) == Fault::content_changed);
        CHECK(must(discard(draft)).stage == Stage::none);
        CHECK(fault_of(discard({draft.id})) == Fault::article_state);
        const Done submitted = must(room.submit("wang", must(room.save("wang", text()))));
        const Done back = must(room.send_back("li", submitted, "不用"));
        CHECK(must(discard(back)).stage == Stage::none);
    });
}

TEST_CASE("lists are told by when an article was first shown, page by page, with covers in the same query") {
    in_newsroom([](Newsroom& room) {
        const api::Principal who = person("wang");
        const Picture picture = must(room.write<Picture>([&](store::Tx& tx) {
            return add_picture(tx, room.desk, {who, kNow}, png(4, 3), "现场", "");
        }));
        for (int i = 0; i < 5; ++i) {
            Text one = text("第" + std::to_string(i) + "篇");
            if (i == 3) one.cover = picture.digest;
            room.publish(one, later_h(i));
        }
        Text corrected = text("第0篇更正");
        corrected.change_note = "更正";
        room.publish(corrected, later_h(10), 1);
        auto tx = must(room.database().read());
        const auto first = must(shown_in(tx, "news", {}, 2, later_h(11)));
        REQUIRE(first.size() == 2);
        CHECK(first[0].title == "第4篇");
        CHECK(first[1].cover == picture.digest);
        CHECK(first[1].cover_alt == "现场");
        CHECK(first[1].cover_width == 4);
        const auto rest = must(shown_in(tx, "news", {first[1].first, first[1].article}, 10, later_h(11)));
        REQUIRE(rest.size() == 3);
        CHECK(rest[2].title == "第0篇更正");
        CHECK(must(count_shown(tx, "news", later_h(11))) == 5);
        CHECK(must(newest_shown(tx, 3, later_h(11))).size() == 3);
        CHECK(must(all_shown(tx, later_h(11))).size() == 5);
    });
}

TEST_CASE("rebuilding from the journal gives the same tables; a changed picture is found") {
    store::for_each_engine([](store::Database& database, const std::string&) {
        Newsroom room(database);
        const api::Principal who = person("wang");
        const Picture picture = must(room.write<Picture>([&](store::Tx& tx) {
            return add_picture(tx, room.desk, {who, kNow}, png(4, 3), "现场", "");
        }));
        Text with = text();
        with.cover = picture.digest;
        const Done done = room.publish(with);
        must(room.withdraw("zhao", done.id, "撤回", later_h(1)));
        const Done submitted = must(room.submit("wang", must(room.save("wang", text("在审")))));
        must(room.send_back("li", submitted, "退回"));
        const auto dump = [&](store::ReadTx& tx) {
            std::string all;
            for (const store::Table* table : projection()->tables()) {
                const std::string sql = std::string("SELECT * FROM ") + table->name + " ORDER BY 1, 2, 3";
                store::Cursor row = must(tx.query({"test.dump", sql.c_str()}));
                while (must(row.next())) {
                    for (int i = 0; i < row.column_count(); ++i) {
                        all += std::string(row.text(i)) + "|" + std::to_string(row.integer(i)) + "|";
                    }
                    all += "\n";
                }
            }
            return all;
        };
        auto tx = must(database.write());
        const std::string live = dump(tx);
        CHECK(live.size() > 500);
        for (const store::Table* table : projection()->tables()) {
            const std::string sql = std::string("DELETE FROM ") + table->name;
            must(tx.execute({"test.clear", sql.c_str()}));
        }
        auto again = projection();
        std::vector<journal::Event> events;
        must(journal::for_each_event(tx, 1, [&](const journal::Event& event) -> Result<void> {
            events.push_back(event);
            return {};
        }));
        for (const journal::Event& event : events) must(again->begin_event(tx, event));
        CHECK(dump(tx) == live);
        std::vector<journal::Damage> damages;
        must(again->check_sealed(tx, damages));
        CHECK(damages.empty());
        must(tx.execute({"test.spoil", "UPDATE content_picture_data SET data = $1"}, {as_bytes("x")}));
        must(again->check_sealed(tx, damages));
        CHECK(damages.size() == 1);
    });
}
