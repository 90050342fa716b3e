// SPDX-License-Identifier: MIT
// Three tasks, the second on a host, where it waits for a file `go` in the directory `log`. Each attempt
// records there that it ran.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto steps = workflow<"steps">(
    host<"edge">, param<"log", std::string>, param<"text", std::string>("c"),
    task<"A">(sh<"echo ran >> {{log}}/A.$WEFT_ATTEMPT; echo a > f">),
    task<"B">(sh<"echo ran >> {{log}}/B.$WEFT_ATTEMPT; while ! test -e {{log}}/go; do sleep 0.02; done; "
                 "cat workflow:///A/f > g; echo b >> g; echo said">) |
        on<"edge">,
    task<"C">(sh<"echo ran >> {{log}}/C.$WEFT_ATTEMPT; cat workflow:///B/g > h; echo {{text}} >> h">) |
        collect<"h">);

int main(int argc, char** argv) {
    return weft::main(steps, argc, argv);
}
