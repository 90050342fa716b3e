// SPDX-License-Identifier: MIT
// Headers with short macros, as what comes before weft in somebody's program may have.
#include <complex.h>
#include <sys/param.h>
#include <sys/sysmacros.h>
#include <syslog.h>
#include <termios.h>

#include <weft/weft.hpp>

using namespace weft;

report run_from_second_unit(const options& how) {
    constexpr auto flow = workflow<"second">(task<"hello">(sh<"true">));
    return run(flow, how);
}
