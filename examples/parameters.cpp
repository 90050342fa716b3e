// SPDX-License-Identifier: MIT
// Typed parameters: {{name}} in a command, --name on the command line. Each value is quoted for its position in the command, so `--greeting '"; rm -rf "'` is only text.
//
//     ./parameters --whom 'the whole world' --whom me --count 3 --voice loud
#include <weft/weft.hpp>

#include <string>
#include <vector>
using namespace weft;

enum class voice { normal, loud, quiet };

constexpr auto letters = workflow<"letters">(
    param<"whom", std::vector<std::string>>({"world"}, "who is greeted"),
    param<"greeting", std::string>("Hello", "what is said first"),
    param<"count", int>(1, "how many times"),
    param<"voice", voice>(voice::normal, "how it is said"),
    param<"pause", std::chrono::seconds>(0s, "rest before each letter"),
    param<"most", bytes>(1_MiB, "how large the letters may become"),
    task<"write">(sh<"for i in $(seq {{count}}); do for name in {{whom}}; do"
                     "  sleep {{pause}}; echo \"$i: {{greeting}}, $name!\";"
                     "done; done > all.txt; head -c {{most}} all.txt > letters.txt">),
    task<"print">(sh<"case {{voice}} in loud) tr a-z A-Z ;; quiet) tr A-Z a-z ;; *) cat ;; esac"
                     "  < workflow:///write/letters.txt">) | outputs<".weft/stdout"> | collect<".weft/stdout">);

int main(int argc, char** argv) { return weft::main(letters, argc, argv); }
