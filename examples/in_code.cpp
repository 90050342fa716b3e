// SPDX-License-Identifier: MIT
// A workflow run from code: hosts and options are values, the result is a report.
//
//     ./in_code alice@192.0.2.10      (without an argument everything runs here)
#include <weft/weft.hpp>

#include <cstdio>
#include <string>
using namespace weft;

constexpr auto here = workflow<"report-here">(
    task<"measure">(sh<"uname -n > name.txt">),
    task<"tell">(sh<"cat workflow:///measure/name.txt">) | keep);

constexpr auto there = workflow<"report-there">(
    host<"edge">,
    task<"measure">(sh<"uname -n > name.txt">) | on<"edge">,
    task<"tell">(sh<"cat workflow:///measure/name.txt">) | keep);

int main(int argc, char** argv) {
    options how;
    report result;
    if (argc > 1) {
        const std::string target = argv[1];
        const auto at = target.find('@');
        ssh_host edge;
        edge.address = target.substr(at + 1);
        if (at != target.npos) edge.user = target.substr(0, at);
        how.hosts = {{"edge", edge}};
        result = run(there, how);
    } else {
        result = run(here, how);
    }
    for (const task_report& task : result.tasks)
        std::printf("%s: %s %s\n", task.name.c_str(), std::string(to_string(task.status)).c_str(), task.reason.c_str());
    std::printf("its output: %s/.weft/stdout\n", result["tell"].scratch.c_str());
    return result.ok() ? 0 : 1;
}
