// SPDX-License-Identifier: MIT
// A program whose tasks run until they are killed, one here and one on a host, each with a child. They report
// through pipes that they run; with --told the local one reports a TERM and continues.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto flow = workflow<"long-tasks">(
    host<"edge">, param<"here", std::string>, param<"there", std::string>, param<"told", std::string>(""),
    task<"A">(sh<"told={{told}}; test -z \"$told\" || trap ': > \"$told\"' TERM; sleep 1000 & : > {{here}}; "
                 "while :; do sleep 1000 & wait || :; done">),
    task<"B">(sh<"sleep 1000 & : > {{there}}; wait">) | on<"edge">, task<"C">(sh<"true">) | after<"A", "B">);

int main(int argc, char** argv) {
    return weft::main(flow, argc, argv);
}
