// SPDX-License-Identifier: MIT
// Defines short macros before weft, as other headers of a program may.
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
