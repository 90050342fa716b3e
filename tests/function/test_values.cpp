// SPDX-License-Identifier: MIT
#include <weft/functions.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace weft;

namespace {

struct pinned {
    explicit pinned(int n) : number(n) {}
    pinned(const pinned&) = delete;
    pinned(pinned&&) = delete;
    ~pinned() = default;
    int number;
};

struct alignas(128) wide {
    double numbers[4] = {1, 2, 3, 4};
};

struct big {
    std::array<std::uint64_t, 1U << 16> numbers{};
};

struct ticket {
    explicit ticket(int n) : number(n) {}
    ticket(ticket&&) = default;
    ticket(const ticket&) = delete;
    ticket& operator=(ticket&&) = default;
    ticket& operator=(const ticket&) = delete;
    int number;
};

/// Records how it was passed.
struct traced {
    int copies = 0;
    int moves = 0;
    traced() = default;
    traced(const traced& from) : copies(from.copies + 1), moves(from.moves) {}
    traced(traced&& from) noexcept : copies(from.copies), moves(from.moves + 1) {}
    ~traced() = default;
};

struct account {
    int owner = 7;
    int balance = 12;
    int twice() const { return 2 * balance; }
    int with(int more) const noexcept { return balance + more; }
};

int plus_one(int n) {
    return n + 1;
}
int product(const int& a, int b) noexcept {
    return a * b;
}

struct scale {
    int factor;
    int operator()(int n) const { return factor * n; }
};

}  // namespace

TEST_CASE("a value that can only be moved is moved into its only consumer") {
    static const auto flow =
        workflow<"owned">(task<"make">([] { return std::make_unique<int>(42); }),
                          task<"take">([](std::unique_ptr<int> n) { return *n; }, from<"make">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"take">() == 42);
}

TEST_CASE("a value that can only be moved but has a trivial move is moved too") {
    static const auto flow =
        workflow<"tickets">(task<"make">([] { return ticket(9); }),
                            task<"take">([](ticket one) { return one.number; }, from<"make">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"take">() == 9);
}

TEST_CASE("a value that can only be moved is shared by reference among several consumers") {
    static const auto flow =
        workflow<"shared">(task<"make">([] { return std::make_unique<int>(20); }),
                           task<"a">([](const std::unique_ptr<int>& n) { return *n + 1; }, from<"make">),
                           task<"b">([](const std::unique_ptr<int>& n) { return *n + 2; }, from<"make">),
                           task<"sum">([](int a, int b) { return a + b; }, from<"a">, from<"b">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"sum">() == 43);
    CHECK(*result.value<"make">() == 20);
}

TEST_CASE("a value that can neither be copied nor moved is constructed in its final place") {
    static const auto flow = workflow<"pinned">(
        task<"make">([] { return pinned(5); }),
        task<"read">([](const pinned& it) { return std::make_pair(&it, it.number); }, from<"make">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"read">().first == &result.value<"make">());
    CHECK(result.value<"read">().second == 5);
}

TEST_CASE("values are aligned as their types require") {
    static const auto flow = workflow<"aligned">(
        task<"odd">([] { return 'x'; }), task<"make">([] { return wide(); }),
        task<"read">(
            [](char, const wide& it) { return reinterpret_cast<std::uintptr_t>(&it) % alignof(wide); },
            from<"odd">, from<"make">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"read">() == 0);
    CHECK(result.value<"make">().numbers[3] == 4);
}

TEST_CASE("a value of half a megabyte is passed by reference") {
    static const auto flow =
        workflow<"big">(task<"make">([] {
                            big all;
                            all.numbers.back() = 3;
                            return all;
                        }),
                        task<"read">([](const big& all) { return &all; }, from<"make">),
                        task<"last">([](const big& all) { return all.numbers.back(); }, from<"make">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"read">() == &result.value<"make">());
    CHECK(result.value<"last">() == 3);
}

TEST_CASE("a value is never copied on its way to a reference and once to each of several values") {
    static const auto flow = workflow<"traced">(
        task<"make">([] { return traced(); }),
        task<"reference">([](const traced& it) { return it.copies + it.moves; }, from<"make">),
        task<"value">([](traced it) { return 10 * it.copies + it.moves; }, from<"make">),
        task<"alone">([] { return traced(); }),
        task<"moved">([](traced it) { return 10 * it.copies + it.moves; }, from<"alone">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"reference">() == 0);
    CHECK(result.value<"value">() == 10);
    CHECK(result.value<"moved">() == 1);
}

TEST_CASE("a value that one task takes twice is not moved") {
    static const auto flow = workflow<"twice">(
        task<"make">([] { return std::string("a text too long for the small buffer of a string"); }),
        task<"both">([](std::string a, std::string b) { return a == b && !a.empty(); }, from<"make">,
                     from<"make">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"both">());
    CHECK_FALSE(result.value<"make">().empty());
}

TEST_CASE("an rvalue reference parameter takes the value of its producer") {
    static const auto flow = workflow<"rvalue">(
        task<"make">([] {
            return std::vector<int>{1, 2, 3};
        }),
        task<"take">([](std::vector<int>&& all) { return std::move(all); }, from<"make">),
        task<"size">([](const std::vector<int>& all) { return all.size(); }, from<"take">));
    executor runs(flow);
    for (int again = 0; again < 3; ++again) {
        REQUIRE(runs.run());
        CHECK(runs.value<"size">() == 3);
    }
}

TEST_CASE("generic lambdas take any type and may move a value that only they consume") {
    static const auto flow = workflow<"generic">(
        task<"number">([] { return 4; }), task<"owned">([] { return std::make_unique<int>(6); }),
        task<"sum">([](const auto& a, const auto& b) { return a + *b; }, from<"number">, from<"owned">),
        task<"more">([](auto... all) { return (all + ...); }, from<"sum">, from<"number">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"more">() == 14);

    static const auto moving = workflow<"moving">(task<"owned">([] { return std::make_unique<int>(6); }),
                                                  task<"read">([](auto it) { return *it; }, from<"owned">));
    CHECK(run(moving).value<"read">() == 6);
}

TEST_CASE("functions and members and callables with a state are called") {
    int offset = 100;
    const auto flow = workflow<"callables">(
        task<"account">([] { return account{}; }), task<"balance">(&account::balance, from<"account">),
        task<"twice">(&account::twice, from<"account">),
        task<"with">(&account::with, from<"account">, from<"balance">), task<"one">(&plus_one, from<"twice">),
        task<"product">(product, from<"one">, from<"with">), task<"scaled">(scale{3}, from<"product">),
        task<"moved">([offset](int n) { return n + offset; }, from<"scaled">),
        task<"called">(std::function<int(int)>([](int n) { return n - 1; }), from<"moved">));
    executor runs(flow);
    REQUIRE(runs.run());
    CHECK(runs.value<"balance">() == 12);
    CHECK(runs.value<"twice">() == 24);
    CHECK(runs.value<"with">() == 24);
    CHECK(runs.value<"one">() == 25);
    CHECK(runs.value<"product">() == 600);
    CHECK(runs.value<"scaled">() == 1800);
    CHECK(runs.value<"called">() == 1899);
}

TEST_CASE("values are converted to the type of a parameter") {
    static const auto flow = workflow<"converted">(
        task<"n">([] { return 3; }), task<"half">([](double n) { return n / 2; }, from<"n">),
        task<"text">([] { return "abc"; }),
        task<"size">([](std::string_view text) { return text.size(); }, from<"text">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"half">() == 1.5);
    CHECK(result.value<"size">() == 3);
}

TEST_CASE("functions without values run after the tasks that they name") {
    static std::mutex lock;
    static std::vector<std::string> order;
    order.clear();
    static const auto note = [](const char* name) {
        const std::lock_guard held(lock);
        order.emplace_back(name);
    };
    static const auto flow =
        workflow<"order">(task<"c">([] { note("c"); }) | after<"a", "b">,
                          task<"b">([] { note("b"); }) | after<"a">, task<"a">([] { note("a"); }));
    REQUIRE(run(flow).ok());
    CHECK(order == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("parameters are passed as values of their types") {
    static const auto flow = workflow<"given">(param<"n", int>(3), param<"word", std::string>,
                                               task<"repeat">(
                                                   [](int n, const std::string& word) {
                                                       std::string all;
                                                       for (int i = 0; i < n; ++i) all += word;
                                                       return all;
                                                   },
                                                   value<"n">, value<"word">));
    const auto result = run(flow, {.parameters = {{"word", "ab"}}});
    REQUIRE(result.ok());
    CHECK(result.value<"repeat">() == "ababab");
    CHECK(run(flow, {.parameters = {{"word", "c"}, {"n", "1"}}}).value<"repeat">() == "c");
    CHECK_THROWS_AS(run(flow), options_error);
    CHECK_THROWS_AS(run(flow, {.parameters = {{"word", "c"}, {"n", "many"}}}), options_error);
}

TEST_CASE("functions of nested workflows have values and parameters of their own") {
    static const auto inner =
        workflow<"inner">(param<"n", int>, task<"two">([](int n) { return n; }, value<"n">),
                          task<"four">([](int n) { return 2 * n; }, from<"two">));
    static const auto flow = workflow<"outer">(
        inner | with<"n">(2), task<"two">([] { return std::string("outer"); }),
        task<"sum">([](int four, int two) { return four + two; }, from<"inner/four">, from<"inner/two">));
    const auto result = run(flow);
    REQUIRE(result.ok());
    CHECK(result.value<"sum">() == 6);
    CHECK(result.value<"inner/four">() == 4);
    CHECK(result.value<"inner/two">() == 2);
    CHECK(result.value<"two">() == "outer");
}

TEST_CASE("the status and the value of a task are found by its name") {
    static const auto flow = workflow<"asked">(task<"n">([] { return 1; }));
    const auto result = run(flow);
    CHECK(result["n"].status == task_state::finished);
    CHECK_THROWS_AS(result["m"], std::out_of_range);
    static_assert(std::is_same_v<decltype(result.value<"n">()), const int&>);
}
