// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

namespace support {

/// Waits until `condition` holds, for what gives no sign of its own; past ten seconds nothing is waited for.
template <class Condition>
bool eventually(const Condition& condition) {
    for (int tries = 0; tries < 5000 && !condition(); ++tries) ::usleep(2000);
    return condition();
}

}  // namespace support
