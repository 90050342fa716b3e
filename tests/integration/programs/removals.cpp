// SPDX-License-Identifier: MIT
// `A` leaves so many files that removing its scratch takes time; it waits for a file `go` in the directory
// `log` and records there that it ran. Its first attempt fails when a file `fail` exists.
#include <weft/weft.hpp>

#include <chrono>
using namespace weft;

constexpr auto flow = workflow<"removals">(
    param<"log", std::string>, param<"text", std::string>("b"),
    task<"A">(sh<"mkdir d; (cd d; seq 8000 | xargs touch); echo ran >> {{log}}/A.$WEFT_ATTEMPT; "
                 "if test -e {{log}}/fail && test $WEFT_ATTEMPT = 1; then exit 1; fi; "
                 "while ! test -e {{log}}/go; do sleep 0.02; done; echo a > f">) |
        retry(1, std::chrono::milliseconds(1)),
    task<"B">(sh<"cat workflow:///A/f > g; echo {{text}} >> g">) | collect<"g">);

int main(int argc, char** argv) {
    return weft::main(flow, argc, argv);
}
