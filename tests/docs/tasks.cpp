// SPDX-License-Identifier: MIT
// The workflows of docs/reference/tasks.md; the first is run.
#include <weft/weft.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

using namespace weft;

// clang-format off
constexpr auto sorted = workflow<"sorted">(
    param<"by", std::string>("1"),
    task<"make">(sh<"printf '3\n1\n2\n' > 'some numbers'">),
    task<"sort">(exec<"sort", "-n", "-k", "{{by}}", "-o", "sorted.txt", "workflow:///make/some%20numbers">)
        | collect<"sorted.txt">);

constexpr auto with_modules = workflow<"with-modules">(
    host<"cluster">,
    task<"build">(sh<"set +eu; . /etc/profile.d/modules.sh; module load gcc/12 openmpi; set -eu; "
                     "make -j $OMP_NUM_THREADS">)
        | on<"cluster"> | env<"OMP_NUM_THREADS">("8"));
// clang-format on

static_assert(with_modules.task_count() == 1);

int main() {
    const std::filesystem::path base = std::filesystem::current_path() / "test_docs_tasks.scratch";
    std::filesystem::remove_all(base);
    const report result =
        run(sorted, {.scratch = (base / "scratch").string(), .results = (base / "results").string()});
    std::string all;
    std::ifstream file(base / "results/sort/sorted.txt");
    for (std::string line; std::getline(file, line);) all += line + ' ';
    std::filesystem::remove_all(base);
    if (result.ok() && all == "1 2 3 ") return 0;
    std::printf("docs/reference/tasks.md is wrong about exec<>: '%s'\n", all.c_str());
    return 1;
}
