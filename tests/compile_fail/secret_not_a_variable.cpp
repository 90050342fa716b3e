// SPDX-License-Identifier: MIT
// EXPECT: weft_secret_must_name_a_variable
// FIRST: weft_secret_must_name_a_variable
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"w">(task<"A">(sh<"true">) | env<"TOKEN">(secret("my token")));
#else
constexpr auto flow = workflow<"w">(task<"A">(sh<"true">) | env<"TOKEN">(secret("MY_TOKEN")));
#endif
