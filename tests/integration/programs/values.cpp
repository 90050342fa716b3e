// SPDX-License-Identifier: MIT
// A value of a function between files: `C` depends on a file of `B`, which depends on one of `X` and shows
// the value of `A`.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto flow = workflow<"values">(
    param<"n", int>, task<"X">(sh<"echo x > f">), task<"A">([](int n) { return n / 10; }, value<"n">),
    task<"B">(sh<"cat workflow:///X/f > g; echo {{A}} >> g">),
    task<"C">(sh<"cat workflow:///B/g > h; echo c >> h">) | collect<"h">);

int main(int argc, char** argv) {
    return weft::main(flow, argc, argv);
}
