// SPDX-License-Identifier: MIT
// Policies of a task: attempts, time limit, cpus, memory; its environment; and order without data.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto careful = workflow<"careful">(
    task<"flaky">(sh<"test $WEFT_ATTEMPT -ge 3; echo \"$GREETER: attempt $WEFT_ATTEMPT\" > out.txt">)
        | retry(3, 10ms) | env<"GREETER">("weft") | collect<"out.txt">,
    task<"bounded">(sh<"cat workflow:///flaky/out.txt">) | timeout(1min) | cpus(1) | memory(64_MiB),
    task<"last">(sh<"echo everything is done">) | after<"bounded"> | keep);

int main(int argc, char** argv) { return weft::main(careful, argc, argv); }
