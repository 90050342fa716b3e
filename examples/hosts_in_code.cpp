// SPDX-License-Identifier: MIT
// A host bound in code. Fields that the binding does not set come from ~/.ssh/config.
//
//     ./hosts_in_code ADDRESS PORT USER IDENTITY KNOWN_HOSTS SCRATCH
#include <weft/weft.hpp>

#include <cstdlib>
#include <iostream>
using namespace weft;

constexpr auto flow = workflow<"hosts-in-code">(
    host<"edge">,
    task<"measure">(sh<"uname > name.txt">) | on<"edge">,
    task<"fetch">(sh<"cp workflow:///measure/name.txt fetched.txt">) | collect<"fetched.txt">);

int main(int argc, char** argv) {
    if (argc != 7) {
        std::cerr << "usage: hosts_in_code ADDRESS PORT USER IDENTITY KNOWN_HOSTS SCRATCH\n";
        return 2;
    }
    const report result = run(flow, options{
        .hosts = {{"edge", ssh_host{
            .address = argv[1],
            .user = argv[3],
            .port = static_cast<std::uint16_t>(std::atoi(argv[2])),
            .identity = argv[4],
            .known_hosts = argv[5]}}},
        .scratch = argv[6]});

    for (const task_report& task : result.tasks)
        std::cout << task.name << ": " << to_string(task.status) << ' ' << task.reason << '\n';
    return result.ok() ? 0 : 1;
}
