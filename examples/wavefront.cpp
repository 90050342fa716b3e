// SPDX-License-Identifier: MIT
// A wavefront: the blocks of a table, each after its left and its upper neighbour. The edit distance of two
// texts, block by block; blocks on one diagonal run in parallel.
#include <weft/functions.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <vector>
using namespace weft;

constexpr std::string_view left = "static graphs of typed functions, proved when they are compiled";
constexpr std::string_view right = "typed graphs of static functions, proved before they are executed";
constexpr std::size_t side = 3;  // blocks in a row and in a column

using row = std::vector<int>;
static std::vector<row> table;

/// Fills one block. It reads its neighbours from the table; `after` orders the blocks.
template <std::size_t Down, std::size_t Across>
constexpr auto block = [] {
    const auto part = [](std::size_t size, std::size_t at) { return size * at / side; };
    for (std::size_t i = part(left.size(), Down) + 1; i <= part(left.size(), Down + 1); ++i)
        for (std::size_t j = part(right.size(), Across) + 1; j <= part(right.size(), Across + 1); ++j)
            table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1,
                                    table[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)});
};

constexpr auto wavefront = workflow<"wavefront">(
    task<"00">(block<0, 0>),
    task<"01">(block<0, 1>) | after<"00">,
    task<"02">(block<0, 2>) | after<"01">,
    task<"10">(block<1, 0>) | after<"00">,
    task<"11">(block<1, 1>) | after<"01", "10">,
    task<"12">(block<1, 2>) | after<"02", "11">,
    task<"20">(block<2, 0>) | after<"10">,
    task<"21">(block<2, 1>) | after<"11", "20">,
    task<"22">(block<2, 2>) | after<"12", "21">);
static_assert(wavefront.depth() == 5 && wavefront.width() == 3);

int main() {
    table.assign(left.size() + 1, row(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i) table[i][0] = static_cast<int>(i);
    for (std::size_t j = 0; j <= right.size(); ++j) table[0][j] = static_cast<int>(j);
    workers two(2);
    const auto result = run(wavefront, two);
    std::printf("%zu tasks, distance %d\n", result.tasks.size(), table.back().back());
}
