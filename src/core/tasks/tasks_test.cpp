#include "tasks/tasks.h"

#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "base/file.h"

using namespace mingxin;
using namespace mingxin::tasks;

namespace {

template <class T>
T must(Result<T> result) {
    if (!result.ok()) FAIL(result.error().message_zh());
    return std::move(*result);
}

struct Place {
    TemporaryFolder folder;
    std::atomic<std::int64_t> now_us{1'000'000};
    std::filesystem::path path() const { return folder.path() / "tasks"; }
    std::unique_ptr<Tasks> make(Limits limits = {}) {
        return std::make_unique<Tasks>(
            path(), [this] { return Instant{now_us}; }, limits);
    }
};

Order order(const std::string& owner, std::function<Result<void>(Run&)> work) {
    return {"test.work", owner, api::Permission::unit_manage, "a.txt", std::move(work)};
}
Result<void> writes(Run& run) {
    run.set_rows(3);
    return write_file(run.file(), "abc");
}
Result<void> waits(Run& run) {
    while (!run.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return stopped();
}
Task ended(const Tasks& tasks, const std::string& id, const std::string& owner) {
    for (int i = 0; i < 60'000; ++i) {
        const auto task = tasks.find(id, owner);
        REQUIRE(task);
        if (task->stage == Stage::ended) return *task;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    FAIL("does not end");
    return {};
}
api::Principal who(const std::string& name, bool may) {
    api::Principal principal;
    principal.name = name;
    principal.permissions[static_cast<int>(api::Permission::unit_manage)] = may;
    return principal;
}

}  // namespace

TEST_CASE("a task ends with its file, which only its owner with the permission may fetch") {
    Place place;
    auto tasks = place.make();
    const std::string id = must(tasks->start(order("a", writes)));
    const Task task = ended(*tasks, id, "a");
    CHECK(task.state == State::done);
    CHECK(task.file_bytes == 3);
    CHECK(task.rows == 3);
    CHECK(must(read_file(must(tasks->file(id, who("a", true))).path)) == "abc");
    CHECK(tasks->file(id, who("a", false)).error().fault == Fault::permission_missing);
    CHECK(tasks->file(id, who("b", true)).error().fault == Fault::not_found);
    CHECK_FALSE(tasks->find(id, "b"));
    CHECK_FALSE(tasks->cancel(id, "b"));
    CHECK(tasks->list("b").empty());
}

TEST_CASE("progress is told, failures keep their reason and leave no file") {
    Place place;
    auto tasks = place.make();
    std::promise<void> go;
    std::shared_future<void> gone = go.get_future().share();
    const std::string id = must(tasks->start(order("a", [gone](Run& run) -> Result<void> {
        run.at(Stage::reading, 5, 10);
        gone.wait();
        (void)write_file(run.file(), "half");
        return fail(Fault::file_unwritable, "磁盘");
    })));
    for (Task task = *tasks->find(id, "a"); task.done != 5; task = *tasks->find(id, "a"))
        std::this_thread::yield();
    CHECK(tasks->find(id, "a")->stage == Stage::reading);
    CHECK(tasks->find(id, "a")->all == 10);
    CHECK(tasks->file(id, who("a", true)).error().fault == Fault::not_found);
    go.set_value();
    const Task task = ended(*tasks, id, "a");
    CHECK(task.state == State::failed);
    CHECK(task.error->fault == Fault::file_unwritable);
    CHECK_FALSE(std::filesystem::exists(place.path() / id));
}

TEST_CASE("cancelling: what runs stops, what waits never runs, what has ended stays") {
    Place place;
    auto tasks = place.make();
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(must(tasks->start(order("a", waits))));  // two run, two wait
    CHECK(tasks->start(order("a", writes)).error().fault == Fault::tasks_full);
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        REQUIRE(tasks->cancel(*id, "a"));
        CHECK(ended(*tasks, *id, "a").state == State::cancelled);
    }
    const std::string done = must(tasks->start(order("a", writes)));
    ended(*tasks, done, "a");
    CHECK(tasks->cancel(done, "a")->state == State::done);
}

TEST_CASE("of each owner the newest that ended are kept, for some time; a new process keeps none") {
    Place place;
    auto tasks = place.make();
    const std::string of_other = must(tasks->start(order("b", writes)));
    ended(*tasks, of_other, "b");
    std::vector<std::string> ids;
    for (int i = 0; i < 10; ++i) {
        ids.push_back(must(tasks->start(order("a", writes))));
        ended(*tasks, ids.back(), "a");
    }
    CHECK(tasks->list("a").size() == 8);
    CHECK(tasks->list("a").front().id == ids.back());
    CHECK_FALSE(std::filesystem::exists(place.path() / ids.front()));
    CHECK(tasks->list("b").size() == 1);
    place.now_us += std::int64_t{24} * 3600 * 1'000'000 - 1;
    CHECK(tasks->list("b").size() == 1);
    place.now_us += 2;
    CHECK(tasks->list("b").empty());
    CHECK(tasks->list("a").empty());
    CHECK(std::filesystem::is_empty(place.path()));
    ended(*tasks, must(tasks->start(order("a", writes))), "a");
    tasks.reset();
    tasks = place.make();
    CHECK(std::filesystem::is_empty(place.path()));
}

TEST_CASE("what took longest is not forgotten as soon as it ends") {
    Place place;
    auto tasks = place.make();
    std::promise<void> go;
    std::shared_future<void> gone = go.get_future().share();
    const std::string slow = must(tasks->start(order("a", [gone](Run& run) {
        gone.wait();
        return writes(run);
    })));
    place.now_us += 1;
    for (int i = 0; i < 9; ++i) ended(*tasks, must(tasks->start(order("a", writes))), "a");
    go.set_value();
    CHECK(ended(*tasks, slow, "a").file_bytes == 3);
    CHECK(tasks->file(slow, who("a", true)).ok());
    CHECK(tasks->list("a").size() == 8);
    CHECK(tasks->list("a").back().id == slow);  // asked for first
}

TEST_CASE("files that are too many go, the oldest first") {
    Place place;
    Limits limits;
    limits.kept_bytes = 6;  // two of them
    auto tasks = place.make(limits);
    std::vector<std::string> ids;
    for (const char* owner : {"a", "b", "c"}) {
        ids.push_back(must(tasks->start(order(owner, writes))));
        ended(*tasks, ids.back(), owner);
    }
    CHECK_FALSE(tasks->find(ids[0], "a"));
    CHECK_FALSE(std::filesystem::exists(place.path() / ids[0]));
    CHECK(tasks->file(ids[1], who("b", true)).ok());
    CHECK(tasks->file(ids[2], who("c", true)).ok());
}

TEST_CASE("work that throws has failed, and the next is done") {
    Place place;
    auto tasks = place.make();
    const std::string id =
        must(tasks->start(order("a", [](Run&) -> Result<void> { throw std::runtime_error("inside"); })));
    const Task task = ended(*tasks, id, "a");
    CHECK(task.state == State::failed);
    CHECK(task.error->fault == Fault::internal);
    CHECK(task.error->message_zh().find("inside") == std::string::npos);
    CHECK(ended(*tasks, must(tasks->start(order("a", writes))), "a").state == State::done);
}

TEST_CASE("the end of the platform stops what runs") {
    Place place;
    auto tasks = place.make();
    for (int i = 0; i < 3; ++i) must(tasks->start(order("a", waits)));
    tasks.reset();  // returns
    CHECK(true);
}
