// SPDX-License-Identifier: MIT
#include <weft/os/descriptor.hpp>
#include <weft/os/reactor.hpp>

#include "support/run_async.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
namespace os = weft::os;

namespace {

/// Waits until `condition` holds; checks it after every event.
template <class Condition>
void run_until(os::reactor& loop, Condition condition) {
    os::completion<bool> done;
    std::function<void()> look = [&] {
        if (condition())
            done.set(true);
        else
            loop.post(look);
    };
    loop.post(look);
    const auto wait = [&]() -> os::async<void> { co_await done; };
    loop.run(wait());
}

}  // namespace

TEST_CASE("alarms go off in the order of their times, and a destroyed one does not") {
    os::reactor loop;
    std::string order;
    const auto late = loop.after(20ms, [&] { order += 'c'; });
    const auto early = loop.after(0ms, [&] { order += 'a'; });
    auto taken_back = loop.after(5ms, [&] { order += 'x'; });
    const auto middle = loop.after(10ms, [&] { order += 'b'; });
    taken_back.reset();
    CHECK(order.empty());
    run_until(loop, [&] { return order.size() == 3; });
    CHECK(order == "abc");
}

TEST_CASE("an alarm may be replaced inside its own action") {
    os::reactor loop;
    int count = 0;
    std::unique_ptr<os::clock::alarm> alarm;
    std::function<void()> again = [&] {
        if (++count < 5) alarm = loop.after(0ms, again);
    };
    alarm = loop.after(0ms, again);
    run_until(loop, [&] { return count == 5; });
    CHECK(count == 5);
}

TEST_CASE("posts of other threads run in the loop, in order") {
    os::reactor loop;
    std::vector<int> seen;
    std::jthread poster([&] {
        for (int i = 0; i < 1000; ++i) loop.post([&, i] { seen.push_back(i); });
    });
    run_until(loop, [&] { return seen.size() == 1000; });
    CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("blocking work runs on another thread, and its exception is rethrown here") {
    os::reactor loop;
    std::thread::id where;
    std::function<void()> work = [&] { where = std::this_thread::get_id(); };
    support::run_async(loop, loop.blocking(work));
    CHECK(where != std::this_thread::get_id());
    work = [] { throw std::runtime_error("from there"); };
    CHECK_THROWS_WITH(support::run_async(loop, loop.blocking(work)), "from there");
}

TEST_CASE("a descriptor that becomes readable wakes its waiter and stays open") {
    os::reactor loop;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const os::descriptor source(ends[0]);
    const os::descriptor sink(ends[1]);
    const auto alarm = loop.after(5ms, [&] { CHECK(::write(sink.get(), "x", 1) == 1); });
    support::run_async(loop, loop.readable(source.get()));
    char c = 0;
    CHECK(::read(source.get(), &c, 1) == 1);
}

TEST_CASE("signals arrive as events, and their previous handlers are restored") {
    os::reactor loop;
    std::signal(SIGUSR1, SIG_DFL);
    std::signal(SIGUSR2, SIG_IGN);
    int seen = 0;
    {
        const auto watch = loop.on_signals({SIGUSR1, SIGUSR2}, [&](int signal) { seen += signal; });
        ::kill(::getpid(), SIGUSR1);
        ::kill(::getpid(), SIGUSR2);  // still ignored, as nohup requires
        run_until(loop, [&] { return seen != 0; });
    }
    CHECK(seen == SIGUSR1);
    CHECK(std::signal(SIGUSR1, SIG_DFL) == SIG_DFL);
    CHECK(std::signal(SIGUSR2, SIG_DFL) == SIG_IGN);
}

TEST_CASE("a loop without pending events reports it, with signal handlers and without") {
    os::reactor loop;
    const auto watch = loop.on_signals({SIGUSR1}, [](int) {});
    int seen = 0;
    const auto again = loop.on_signals({SIGUSR2}, [&](int) { ++seen; });
    ::kill(::getpid(), SIGUSR2);
    run_until(loop, [&] { return seen != 0; });
    os::completion<bool> never;
    const auto wait = [&]() -> os::async<void> { co_await never; };
    SECTION("by an exception") {
        CHECK_THROWS_WITH(loop.run(wait()), Catch::StartsWith("the event loop has no pending event"));
    }
    SECTION("to a function that can end the work") {
        loop.run(wait(), [&] { never.set(true); });
        CHECK(never.is_set());
    }
    never.set(true);
}

TEST_CASE("a loop waits for alarms, for helper threads and for the posts of its guests") {
    os::reactor loop;
    os::completion<bool> done;
    const auto wait = [&]() -> os::async<void> { co_await done; };
    SECTION("alarms") {
        const auto alarm = loop.after(5ms, [&] { done.set(true); });
        loop.run(wait());
    }
    SECTION("helper threads") {
        std::function<void()> work = [] {};
        support::run_async(loop, loop.blocking(work));
        done.set(true);
    }
    SECTION("guests") {
        std::jthread other([&, guest = loop.guest()] { loop.post([&] { done.set(true); }); });
        loop.run(wait());
    }
    CHECK(done.is_set());
}
