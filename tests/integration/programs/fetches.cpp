// SPDX-License-Identifier: MIT
// A megabyte from a host, staged here as a file or as a directory, and a task that reads it.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto fetches = workflow<"fetches">(
    host<"edge">, task<"far">(sh<"mkdir d; head -c 1000000 /dev/zero > d/f; ln d/f f">) | on<"edge">,
    task<"file">(sh<"wc -c < workflow:///far/f > n">) | collect<"n">,
    task<"tree">(sh<"cat workflow:///far/d/* | wc -c > n">) | collect<"n">);

int main(int argc, char** argv) {
    return weft::main(fetches, argc, argv);
}
