// SPDX-License-Identifier: MIT
#include <weft/weft.hpp>

using namespace weft;

report run_from_second_unit(const options& how) {
    constexpr auto flow = workflow<"second">(task<"hello">(sh<"true">));
    return run(flow, how);
}
