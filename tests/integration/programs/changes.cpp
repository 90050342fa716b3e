// SPDX-License-Identifier: MIT
// Functions and a file behind a parameter. `changes_later.cpp` is the same program after a change of its
// code.
#include <weft/weft.hpp>

#include <filesystem>
#include <fstream>
#include <string>
using namespace weft;

#ifndef FACTOR
#define FACTOR 1
#endif

std::string word_in(const std::filesystem::path& file) {
    std::string word;
    std::ifstream(file) >> word;
    return word;
}

constexpr auto flow = workflow<"changes">(
    param<"in", std::filesystem::path>("data"), param<"n", int>(1), param<"unused", int>(1),
    task<"F">([](int n) { return FACTOR * n; }, value<"n">), task<"G">(word_in, value<"in">),
    task<"H">([] { return 7; }), task<"B">(sh<"echo {{F}} > f">),
    task<"C">(sh<"cat workflow:///B/f {{in}} > h; echo {{G}} {{H}} >> h">) | collect<"h">);

int main(int argc, char** argv) {
    return weft::main(flow, argc, argv);
}
