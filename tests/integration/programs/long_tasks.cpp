// SPDX-License-Identifier: MIT
// A program whose tasks go on until they are ended, one here and one on a host, each with a child of its own.
// They say through pipes when they run; with --told the one here says when it is told to end, and goes on.
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
