// SPDX-License-Identifier: MIT
// A workflow run from code: options are values, the result is a report.
#include <weft/weft.hpp>

#include <filesystem>
#include <iostream>
using namespace weft;

constexpr auto flow = workflow<"in-code">(
    param<"text", std::string>,
    task<"write">(sh<"echo {{text}} > note.txt">),
    task<"fail">(sh<"echo 'no such luck' >&2; exit 3">) | after<"write">,
    task<"never">(sh<"true">) | after<"fail">);
static_assert(flow.task_count() == 3 && flow.depth() == 3);

int main() {
    const report result = run(flow, options{
        .parameters = {{"text", "one 'quoted' word"}},
        .scratch = std::filesystem::temp_directory_path(),
        .jobs = 2});

    for (const task_report& task : result.tasks)
        std::cout << task.name << ": " << to_string(task.status) << ' ' << task.reason << '\n';
    std::cout << result["fail"].stderr_tail;
    return result.ok() || result["fail"].exit_code != 3;
}
