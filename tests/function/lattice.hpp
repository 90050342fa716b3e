// SPDX-License-Identifier: MIT
// A graph in which any task can be made to throw or to request a stop.
#pragma once

#include <weft/functions.hpp>

#include <array>
#include <atomic>
#include <stdexcept>
#include <stop_token>
#include <string>

namespace tests {

/// The number of live values; a value destroyed twice makes it wrong.
struct counted {
    static inline std::atomic<int> alive{0};
    int number;
    explicit counted(int n) : number(n) { ++alive; }
    counted(counted&& from) noexcept : number(from.number) { ++alive; }
    counted(const counted& from) : number(from.number) { ++alive; }
    ~counted() { --alive; }
};

/// The task that throws, and the task that requests a stop.
inline std::atomic<int> thrower{-1};
inline std::atomic<int> stopper{-1};
inline std::stop_source stop;

template <int Number>
counted node(int sum) {
    if (thrower == Number) throw std::runtime_error("number " + std::to_string(Number));
    if (stopper == Number) stop.request_stop();
    return counted(sum + Number);
}

// a -> b, c; b -> d; c -> e; d, e -> f; g alone
inline const auto lattice = weft::workflow<"lattice">(
    weft::task<"a">([] { return node<0>(0); }),
    weft::task<"b">([](const counted& a) { return node<1>(a.number); }, weft::from<"a">),
    weft::task<"c">([](const counted& a) { return node<2>(a.number); }, weft::from<"a">),
    weft::task<"d">([](counted b) { return node<3>(b.number); }, weft::from<"b">),
    weft::task<"e">([](counted&& c) { return node<4>(c.number); }, weft::from<"c">),
    weft::task<"f">([](counted d, const counted& e) { return node<5>(d.number + e.number); }, weft::from<"d">,
                    weft::from<"e">),
    weft::task<"g">([] { return node<6>(0); }));
inline constexpr std::array<const char*, 7> names{"a", "b", "c", "d", "e", "f", "g"};
inline constexpr std::array<unsigned, 7> descendants{0b0111110, 0b0101000, 0b0110000, 0b0100000,
                                                     0b0100000, 0,         0};

}  // namespace tests
