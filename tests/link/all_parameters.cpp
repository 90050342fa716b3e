// SPDX-License-Identifier: MIT
// A program with a parameter of each kind: the code in the headers is compiled in a user's file, with the
// user's -O3 and warnings.
#include <weft/weft.hpp>

#include <filesystem>
#include <string>
#include <vector>
using namespace weft;

enum class speed { slow, fast };

constexpr auto flow = workflow<"every_kind">(
    param<"nap", std::chrono::seconds>(3s, "a duration"),
    param<"naps", std::vector<std::chrono::milliseconds>>,
    param<"words", std::vector<std::string>>({"a", "b"}, "texts"), param<"word", std::string>("a", "a text"),
    param<"counts", std::vector<int>>, param<"count", unsigned>(1, "a number"),
    param<"share", double>(0.5, "a fraction"), param<"pace", speed>(speed::fast, "a name"),
    param<"size", bytes>(4_KiB, "a size"), param<"where", std::filesystem::path>("/tmp", "a path"),
    param<"quiet", bool>(false, "a switch"),
    task<"all">(sh<"echo {{nap}} {{naps}} {{words}} {{word}} {{counts}} {{count}} {{share}} {{pace}} "
                   "{{size}} {{where}} "
                   "{{quiet}}">),
    task<"name">([](const std::string& word, int count) { return word + std::to_string(count); },
                 value<"word">, from<"number">),
    task<"number">([] { return 3; }));

int main(int argc, char** argv) {
    if (argc > 1) return weft::main(flow, argc, argv);
    const plan::lowered lowered(flow);
    return lowered.view().tasks.size() == 3 && weft::run(flow).ok() ? 0 : 1;
}
