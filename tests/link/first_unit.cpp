// SPDX-License-Identifier: MIT
#include <weft/weft.hpp>

#include <cstdio>

using namespace weft;

report run_from_second_unit(const options& how);

int main() {
    options how;
    how.scratch = "scratch";
    constexpr auto flow = workflow<"first">(task<"hello">(sh<"true">));
    const report mine = run(flow, how);
    const report other = run_from_second_unit(how);
    std::printf("%s: %s, %s: %s\n", mine.workflow.c_str(), mine["hello"].reason.c_str(),
                other.workflow.c_str(), other["hello"].reason.c_str());
    return mine.ok() && other.ok() ? 0 : 1;
}
