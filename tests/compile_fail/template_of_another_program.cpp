// SPDX-License-Identifier: MIT
// EXPECT: a parameter is used but not declared
// EXPECT: task .*list.* of workflow .*containers.* uses .*\{\{end\}\}
// EXPECT: write \{\{\{\{end\}\} for the text \{\{end\}\}
// FIRST: list
// FIRST: containers
// FIRST: end
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"containers">(task<"list">(sh<"docker ps --format '{{range .Ports}}{{.}} {{end}}'">));
#else
constexpr auto flow =
    workflow<"containers">(task<"list">(sh<"docker ps --format '{{range .Ports}}{{.}} {{{{end}}'">));
#endif
