// SPDX-License-Identifier: MIT
// Commands and functions in one workflow: a shell measures, C++ filters and finds the peaks, a shell reports.
// Files and values pass in both directions: file<> passes a file to a function, {{beats}} a value to a command.
#include <weft/weft.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>
using namespace weft;

using signal = std::vector<double>;

signal read_signal(const std::filesystem::path& file) {
    signal samples;
    std::ifstream input(file);
    for (double each; input >> each;) samples.push_back(each);
    return samples;
}

/// The mean of each sample and its neighbours, `reach` on either side.
signal smooth(const signal& samples, int reach) {
    const auto size = static_cast<int>(samples.size());
    signal smoothed(samples.size());
    for (int at = 0; at < size; ++at) {
        double sum = 0;
        int count = 0;
        for (int near = at - reach; near <= at + reach; ++near)
            if (near >= 0 && near < size) ++count, sum += samples[static_cast<std::size_t>(near)];
        smoothed[static_cast<std::size_t>(at)] = sum / count;
    }
    return smoothed;
}

/// The samples above `level` whose neighbours are both lower; also written to a file.
std::vector<int> find_peaks(context& self, const signal& samples, double level) {
    std::vector<int> peaks;
    std::ofstream list(self.scratch() + "/peaks.csv");
    for (std::size_t at = 1; at + 1 < samples.size(); ++at) {
        const double here = samples[at];
        if (here <= level || samples[at - 1] >= here || samples[at + 1] > here) continue;
        peaks.push_back(static_cast<int>(at));
        list << at << ',' << here << '\n';
    }
    self.log("found " + std::to_string(peaks.size()) + " peaks in " + std::to_string(samples.size()) + " samples");
    return peaks;
}

constexpr auto pipeline = workflow<"signal">(
    param<"beats", int>(5, "how many the made-up signal has"), param<"level", double>(0.5),
    task<"measure">(sh<"awk -v n={{beats}} 'BEGIN { for (t = 0; t < 40 * n; ++t) "
                       "print exp(-(t % 40 - 20)^2 / 20) + 0.05 * sin(t * 7) }' > samples.txt">),
    task<"read">(read_signal, file<"measure", "samples.txt">),
    task<"smooth">([](const signal& samples) { return smooth(samples, 2); }, from<"read">),
    task<"peaks">(find_peaks, from<"smooth">, value<"level">) | outputs<"peaks.csv">,
    task<"count">([](const std::vector<int>& peaks) { return peaks.size(); }, from<"peaks">),
    task<"report">(sh<"echo '{{count}} beats, at {{peaks}}' > report.txt; "
                      "wc -l < workflow:///peaks/peaks.csv >> report.txt">) |
        collect<"report.txt">);

int main(int argc, char** argv) {
    return weft::main(pipeline, argc, argv);
}
