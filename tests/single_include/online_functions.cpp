// SPDX-License-Identifier: MIT
// The same with functions, which an online compiler can run.
#include <weft/workflow.hpp>

#include <cstdio>
#include <numeric>
#include <vector>

using namespace weft;

constexpr auto sums = workflow<"sums">(
    param<"n", int>(10),
    task<"make">(
        [](int n) {
            std::vector<int> numbers(static_cast<std::size_t>(n));
            std::iota(numbers.begin(), numbers.end(), 1);
            return numbers;
        },
        value<"n">),
    task<"sum">([](const std::vector<int>& all) { return std::accumulate(all.begin(), all.end(), 0); },
                from<"make">),
    task<"most">([](const std::vector<int>& all) { return all.back(); }, from<"make">),
    task<"both">([](int sum, int most) { return sum * 1000 + most; }, from<"sum">, from<"most">));
static_assert(sums.depth() == 3 && sums.width() == 2);

int main() {
    const auto result = run(sums, {.parameters = {{"n", "100"}}});
    if (!result.ok()) return 1;
    std::printf("%d\n", result.value<"both">());
    return result.value<"both">() == 5050100 ? 0 : 1;
}
