// SPDX-License-Identifier: MIT
// Typed parameters: {{name}} in a command, --name on the command line. A value is quoted for the place where it
// stands, so `--greeting '"; rm -rf "'` is only ever text.
//
//     ./parameters --who 'the whole world' --count 3
#include <weft/weft.hpp>
using namespace weft;

constexpr auto letters = workflow<"letters">(
    param<"who", std::string>("world", "who is greeted"),
    param<"greeting", std::string>("Hello", "what is said first"),
    param<"count", int>(2, "how many times"),
    task<"write">(sh<"for i in $(seq {{count}}); do echo \"$i: {{greeting}}, {{who}}!\"; done > letters.txt">),
    task<"print">(exec<"cat", "workflow:///write/letters.txt">) | outputs<".weft/stdout"> | collect<".weft/stdout">);

int main(int argc, char** argv) { return weft::main(letters, argc, argv); }
