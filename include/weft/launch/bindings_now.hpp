// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <vector>

namespace weft::launch {

/// The bindings of a command about a past run: what is given now comes before what its journal says. A name
/// with an address is bound anew, to machines of which the rest is as in the journal; without one
/// (`--identity edge=FILE`) only what is given of its machines changes.
std::vector<host_binding> bindings_now(const std::vector<host_binding>& given,
                                       const std::vector<host_binding>& past);

}  // namespace weft::launch
