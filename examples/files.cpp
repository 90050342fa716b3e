// SPDX-License-Identifier: MIT
// References name a file, a directory or a glob of another task. Outputs declared with outputs<> are checked after the task, and a reference to any other path does not compile. collect<> copies a result to the results directory.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto words = workflow<"words">(
    task<"split">(sh<"mkdir pages; for i in 1 2 3; do echo \"page $i\" > pages/$i.txt; done; echo 2026 > 'made in'">)
        | outputs<"pages", "made in">,
    task<"glob">(sh<"cat workflow:///split/pages/*.txt > all.txt">) | outputs<"all.txt">,
    task<"directory">(sh<"ls workflow:///split/pages > names.txt">),
    task<"report">(sh<"cat workflow:///split/made%20in workflow:///glob/all.txt "
                      "    workflow:///directory/names.txt > report.txt">)
        | collect<"report.txt">);

int main(int argc, char** argv) { return weft::main(words, argc, argv); }
