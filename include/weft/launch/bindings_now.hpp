// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <vector>

namespace weft::launch {

/// The bindings for a command on a past run; options given now override the journal. A name given with an
/// address is bound to that address, with the other fields from the journal; without an address (`--identity
/// edge=FILE`) only the given fields change.
std::vector<host_binding> bindings_now(const std::vector<host_binding>& given,
                                       const std::vector<host_binding>& past);

}  // namespace weft::launch
