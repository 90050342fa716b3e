// SPDX-License-Identifier: MIT
// A program whose tasks run until they are killed, one here and one on a host, each with a child. They report
// that they run through pipes; with --reported the local one also reports a TERM, and continues.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto flow = workflow<"long-tasks">(
    host<"edge">, param<"here", std::string>, param<"there", std::string>, param<"reported", std::string>(""),
    task<"A">(sh<"reported={{reported}}; test -z \"$reported\" || trap ': > \"$reported\"' TERM; sleep 1000 "
                 "& : > {{here}}; "
                 "while :; do sleep 1000 & wait || :; done">),
    task<"B">(sh<"sleep 1000 & : > {{there}}; wait">) | on<"edge">, task<"C">(sh<"true">) | after<"A", "B">);

int main(int argc, char** argv) {
    return weft::main(flow, argc, argv);
}
