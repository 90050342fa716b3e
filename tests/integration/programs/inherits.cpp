// SPDX-License-Identifier: MIT
// A task that prints its signals, mask and descriptors and outputs terminal control characters; and one that
// waits to be killed.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto inherits = workflow<"inherits">(
    param<"running", std::string>(""),
    task<"A">(
        sh<"grep -E '^Sig(Blk|Ign)' /proc/self/status > signals; umask > mask; readlink /proc/self/fd/0 > "
           "input; printf '\\033[31mred \\342\\200\\256txt\\n'">) |
        collect<"signals"> | collect<"mask"> | collect<"input">,
    task<"B">(sh<"test -z {{running}} || { : > {{running}}; sleep 1000; }">) | after<"A">);

int main(int argc, char** argv) {
    return weft::main(inherits, argc, argv);
}
