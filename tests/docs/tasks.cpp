// SPDX-License-Identifier: MIT
// The workflows of docs/reference/tasks.md; the first two are run.
#include <weft/weft.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

using namespace weft;

// clang-format off
constexpr auto sorted = workflow<"sorted">(
    param<"by", std::string>("1"),
    task<"make">(sh<"printf '3\n1\n2\n' > 'some numbers'">),
    task<"sort">(exec<"sort", "-n", "-k", "{{by}}", "-o", "sorted.txt", "workflow:///make/some%20numbers">)
        | collect<"sorted.txt">);

constexpr auto templates = workflow<"templates">(
    param<"name", std::string>("web"),
    task<"list">(sh<"printf '%s\n' '{{range .Ports}}{{.}} {{{{end}}' {{name}} \"$LINE\" > list.txt">)
        | env<"LINE">("{{{{name}} is {{.Names}}") | collect<"list.txt">,
    task<"render">(exec<"sh", "-c", "echo \"$1\" > page.txt", "sh", "<h1>{{{{title}}</h1> {{name}}">)
        | collect<"page.txt">);

constexpr auto with_modules = workflow<"with-modules">(
    host<"cluster">,
    task<"build">(sh<"set +eu; . /etc/profile.d/modules.sh; module load gcc/12 openmpi; set -eu; "
                     "make -j $OMP_NUM_THREADS">)
        | on<"cluster"> | env<"OMP_NUM_THREADS">("8"));
// clang-format on

static_assert(with_modules.task_count() == 1);

/// The lines of the files `names` that a run of `flow` collects.
template <class Workflow>
std::string lines_of(const Workflow& flow, std::initializer_list<const char*> names) {
    const std::filesystem::path base = std::filesystem::current_path() / "test_docs_tasks.scratch";
    std::filesystem::remove_all(base);
    const report result =
        run(flow, {.scratch = (base / "scratch").string(), .results = (base / "results").string()});
    std::string all = result.ok() ? "" : "failed ";
    for (const char* name : names) {
        std::ifstream file(base / "results" / name);
        for (std::string line; std::getline(file, line);) all += line + '|';
    }
    std::filesystem::remove_all(base);
    return all;
}

bool is(const char* what, const std::string& said, const char* expected) {
    if (said == expected) return true;
    std::printf("docs/reference/tasks.md is wrong about %s: '%s'\n", what, said.c_str());
    return false;
}

int main() {
    const bool arguments = is("exec<>", lines_of(sorted, {"sort/sorted.txt"}), "1|2|3|");
    const bool braces =
        is("braces", lines_of(templates, {"list/list.txt", "render/page.txt"}),
           "{{range .Ports}}{{.}} {{end}}|web|{{name}} is {{.Names}}|<h1>{{title}}</h1> web|");
    return arguments && braces ? 0 : 1;
}
