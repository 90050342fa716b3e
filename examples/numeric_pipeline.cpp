// SPDX-License-Identifier: MIT
// A pipeline of C++ functions: the compiler checks that argument types match the results of predecessors, and weft::run calls them in this process, in parallel where possible. No files, no command line.
#include <weft/functions.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <vector>
using namespace weft;

using series = std::vector<double>;

series sample(int n) {
    series all(static_cast<std::size_t>(n));
    for (std::size_t at = 0; at < all.size(); ++at) all[at] = std::sin(0.01 * static_cast<double>(at));
    return all;
}

double mean(const series& all) {
    return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
}

/// The only consumer of the centred series takes it by value: it is moved in, not copied.
double spread(series centred) {
    for (double& each : centred) each *= each;
    return std::sqrt(mean(centred));
}

constexpr auto statistics = workflow<"statistics">(
    param<"n", int>(10'000, "how many samples"),
    task<"sample">(sample, value<"n">),
    task<"mean">(mean, from<"sample">),
    task<"centre">(
        [](const series& all, double middle) {
            series centred = all;
            for (double& each : centred) each -= middle;
            return centred;
        },
        from<"sample">, from<"mean">),
    task<"spread">(spread, from<"centre">),
    task<"peak">([](const auto& all) { return *std::max_element(all.begin(), all.end()); }, from<"sample">));

int main() {
    executor flow(statistics, {.parameters = {{"n", "20000"}}});
    flow.run();  // can be repeated; weft allocates no memory in it
    std::printf("mean %.4f, spread %.4f, peak %.4f\n", flow.value<"mean">(), flow.value<"spread">(),
                flow.value<"peak">());
}
