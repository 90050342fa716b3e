// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

namespace support {

/// Waits until `condition` holds, for conditions without an event; at most for ten seconds.
template <class Condition>
bool eventually(const Condition& condition) {
    for (int tries = 0; tries < 5000 && !condition(); ++tries) ::usleep(2000);
    return condition();
}

}  // namespace support
