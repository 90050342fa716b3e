// SPDX-License-Identifier: MIT
#include "lattice.hpp"
#include "support/captured.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <semaphore>
#include <thread>
#include <vector>

namespace {

std::atomic<long> allocations{0};

}  // namespace

// Not inlined, because GCC 12 would report a mismatch of new and free.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
// The sanitizers' own operator does not call the one above.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace weft;
using tests::counted;
using tests::lattice;
using tests::thrower;

TEST_CASE("values live until the next run and end exactly once") {
    CHECK(counted::alive == 0);
    {
        executor runs(lattice);
        CHECK(counted::alive == 0);
        for (int again = 0; again < 100; ++again) {
            REQUIRE(runs.run());
            CHECK(counted::alive == 7);
        }
        thrower = 5;
        CHECK_FALSE(runs.try_run());
        thrower = -1;
        CHECK(counted::alive == 6);
        CHECK_THROWS_AS(runs.value<"f">(), std::logic_error);
    }
    CHECK(counted::alive == 0);
    {
        const auto result = run(lattice);
        CHECK(result.value<"g">().number == 6);
        CHECK(counted::alive == 7);
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("runs after the first allocate nothing") {
    for (const unsigned threads : {1U, 2U, 4U}) {
        workers pool(threads);
        executor runs(lattice, pool);
        REQUIRE(runs.run());
        const long before = allocations;
        for (int again = 0; again < 200; ++again)
            if (!runs.run()) FAIL("stopped");
        CHECK(allocations == before);
    }
}

TEST_CASE("the context has the task's name and the stop request") {
    static const auto inner =
        workflow<"inner">(task<"who">([](context& self) { return std::string(self.task()); }));
    static std::binary_semaphore begun(0);
    static const auto flow =
        workflow<"context">(inner,
                            task<"wait">(
                                [](weft::context& self, const int& n) {
                                    begun.release();
                                    std::mutex none;
                                    std::condition_variable_any stopped;
                                    std::unique_lock held(none);
                                    stopped.wait(held, self.stop_token(), [] { return false; });
                                    return self.stop_requested() ? n : 0;
                                },
                                from<"n">) |
                                after<"inner/who">,
                            task<"n">([] { return 4; }), task<"never">([](int) {}, from<"wait">));
    executor runs(flow);
    auto handle = runs.run_async();
    begun.acquire();
    CHECK_FALSE(handle.is_done());
    handle.request_stop();
    CHECK_FALSE(handle.get());
    CHECK(runs.value<"wait">() == 4);
    CHECK(runs.value<"inner/who">() == "inner/who");
    CHECK(runs.last_report()["never"].status == task_state::cancelled);
}

TEST_CASE("a task's message goes to the listener, or to stderr with the task's name") {
    static const auto inner =
        workflow<"inner">(task<"says">([](const context& self) { self.log("half done"); }));
    static const auto flow = workflow<"saying">(inner, task<"n">([](context& self) { self.log("1 of 1"); }));
    std::mutex lock;
    std::map<std::string, std::string> heard;
    const message_listener listener = [&](std::string_view task, std::string_view message) {
        const std::lock_guard held(lock);
        heard.emplace(task, message);
    };
    REQUIRE(run(flow, {.on_message = listener}).ok());
    CHECK(heard == std::map<std::string, std::string>{{"inner/says", "half done"}, {"n", "1 of 1"}});

    static const auto alone = workflow<"alone">(task<"n">([](context& self) { self.log("1 of 1"); }));
    support::captured output(2);
    const bool ok = run(alone).ok();
    CHECK(output.text() == "n: 1 of 1\n");
    CHECK(ok);
}

TEST_CASE("a handle rethrows the exception of its run, and its destructor stops the run") {
    executor runs(lattice);
    thrower = 0;
    auto handle = runs.run_async();
    CHECK_THROWS_AS(handle.get(), task_failed);
    thrower = -1;

    static std::binary_semaphore begun(0);
    static std::atomic<bool> left{false};
    static const auto flow = workflow<"left">(task<"long">([](context& self) {
        begun.release();
        while (!self.stop_requested()) std::this_thread::yield();
        left = true;
    }));
    executor longer(flow);
    {
        auto going = longer.run_async();
        begun.acquire();
    }
    CHECK(left);
}

TEST_CASE("destroying a running executor stops its run and waits for its end") {
    static std::binary_semaphore begun(0);
    static std::atomic<bool> left{false};
    static const auto flow = workflow<"long">(task<"long">([](context& self) {
                                                  begun.release();
                                                  while (!self.stop_requested() && !left)
                                                      std::this_thread::yield();
                                                  throw std::runtime_error("left");
                                              }),
                                              task<"next">([] { FAIL("was begun"); }) | after<"long">);
    for (int again = 0; again < 20; ++again) {
        left = false;
        auto runs = std::make_unique<executor<std::remove_const_t<decltype(flow)>>>(flow);
        std::string thrown;
        std::thread caller([&thrown, &one = *runs] {
            try {
                one.run();
            } catch (const task_failed& failed) {
                thrown = failed.task();
            }
        });
        begun.acquire();
        std::thread soon([] { left = true; });
        runs.reset();
        CHECK(left);
        soon.join();
        caller.join();
        CHECK(thrown == "long");
    }
}

TEST_CASE("a listener is notified of each task's start and end") {
    std::mutex lock;
    std::map<std::string, std::vector<task_state>> heard;
    for (const unsigned threads : {1U, 4U}) {
        workers pool(threads);
        executor runs(lattice, pool);
        runs.on_change([&](std::string_view task, task_state now) {
            const std::lock_guard held(lock);
            heard[std::string(task)].push_back(now);
        });
        REQUIRE(runs.run());
        REQUIRE(heard.size() == 7);
        for (const auto& [name, states] : heard)
            CHECK(states == std::vector{task_state::running, task_state::finished});
        heard.clear();
        thrower = 1;
        CHECK_FALSE(runs.try_run());
        thrower = -1;
        CHECK(heard["b"] == std::vector{task_state::running, task_state::failed});
        CHECK(heard["d"] == std::vector{task_state::skipped});
        CHECK(heard["e"] == std::vector{task_state::running, task_state::finished});
        runs.on_change({});
        heard.clear();
        REQUIRE(runs.run());
        CHECK(heard.empty());
    }
}

TEST_CASE("a task may run another workflow on its own executor's threads") {
    static workers pool(2);
    static const auto outer =
        workflow<"outer">(task<"left">([] {
                              executor inner(lattice, pool);
                              inner.run();
                              return inner.value<"f">().number;
                          }),
                          task<"right">([] { return run(lattice, pool).value<"f">().number; }),
                          task<"sum">([](int a, int b) { return a + b; }, from<"left">, from<"right">));
    for (int again = 0; again < 50; ++again) REQUIRE(run(outer, pool).value<"sum">() == 30);
    CHECK(counted::alive == 0);
}

TEST_CASE("a task cannot run its own executor") {
    static executor<std::remove_const_t<decltype(lattice)>>* self = nullptr;
    static std::atomic<int> refused{0};
    executor runs(lattice);
    self = &runs;
    runs.on_change([&](std::string_view, task_state) {
        try {
            self->try_run();
        } catch (const std::logic_error&) {
            ++refused;
        }
    });
    REQUIRE(runs.run());
    CHECK(refused == 14);
}
