// SPDX-License-Identifier: MIT
#include <weft/pool/prepared_graph.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

std::atomic<long> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

using weft::pool::index;

/// 0 -> 1 -> 2 -> 5, 0 -> 3 -> 4 -> 5: two chains with a common start and end.
struct two_chains {
    static constexpr std::size_t tasks = 6;
    static constexpr std::size_t edges = 6;
    static constexpr index first_successor[] = {0, 2, 3, 4, 5, 6, 6};
    static constexpr index successors[] = {1, 3, 2, 5, 4, 5};
    static constexpr index first_predecessor[] = {0, 0, 1, 2, 3, 4, 6};
    static constexpr index predecessors[] = {0, 1, 0, 3, 2, 4};
    static constexpr index order[] = {0, 1, 3, 2, 4, 5};
};

struct nothing {
    static constexpr std::size_t tasks = 0;
    static constexpr std::size_t edges = 0;
    static constexpr index first_successor[] = {0};
    static constexpr index successors[] = {0};
    static constexpr index first_predecessor[] = {0};
    static constexpr index predecessors[] = {0};
    static constexpr index order[] = {0};
};

constexpr auto& layout = weft::pool::layout_of<two_chains>;
static_assert(layout.units == 4, "a chain is one unit");
static_assert(layout.first_position[1] == 1 && layout.first_position[2] == 3 &&
              layout.first_position[3] == 5);
static_assert(layout.task_at[1] == 1 && layout.task_at[2] == 2 && layout.task_at[3] == 3 &&
              layout.task_at[4] == 4);
static_assert(layout.waits[0] == 0 && layout.waits[1] == 1 && layout.waits[3] == 2 && layout.waits[4] == 1);
static_assert(layout.successors[layout.first_successor[3]] == 4, "the last leads to the end");

struct sums {
    std::array<long, 6> value{};
    template <std::size_t Task>
    void call() {
        value[Task] = 1;
        for (index row = two_chains::first_predecessor[Task]; row < two_chains::first_predecessor[Task + 1];
             ++row)
            value[Task] += value[two_chains::predecessors[row]];
    }
};

struct failing {
    template <std::size_t Task>
    void call() {
        if (Task == 2) throw std::runtime_error("two");
    }
};

}  // namespace

TEST_CASE("values flow along the edges of a static graph") {
    for (const unsigned threads : {1U, 2U}) {
        weft::pool::workers pool(threads);
        sums bodies;
        weft::pool::prepared_graph<two_chains, sums> flow(pool, bodies);
        for (int again = 0; again < 1000; ++again) {
            bodies.value = {};
            REQUIRE(flow.run());
            REQUIRE(bodies.value == std::array<long, 6>{1, 2, 3, 2, 3, 7});
        }
    }
}

TEST_CASE("a run allocates nothing") {
    weft::pool::workers pool(2);
    sums bodies;
    weft::pool::prepared_graph<two_chains, sums> flow(pool, bodies);
    const long before = allocations;
    for (int again = 0; again < 10000; ++again) flow.run();
    REQUIRE(allocations == before);
}

TEST_CASE("a failure within a chain leaves the earlier tasks finished") {
    using enum weft::pool::task_state;
    weft::pool::workers pool(2);
    failing bodies;
    weft::pool::prepared_graph<two_chains, failing> flow(pool, bodies);
    REQUIRE_FALSE(flow.run());
    REQUIRE(flow.failures().size() == 1);
    REQUIRE(flow.failures()[0].task == 2);
    const std::array states{finished, finished, failed, finished, finished, skipped};
    for (std::size_t task = 0; task < 6; ++task) REQUIRE(flow.state_of(task) == states[task]);
}

TEST_CASE("a graph without tasks is done at once") {
    weft::pool::workers pool(2);
    failing bodies;
    weft::pool::prepared_graph<nothing, failing> flow(pool, bodies);
    REQUIRE(flow.run());
}
