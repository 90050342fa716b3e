// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <string>
#include <vector>

namespace weft::cli {

// clang-format off: it would reflow the example
/// Reads host bindings from a TOML file. Throws `options_error` that names file, line and column.
///
///     [edge]
///     address = "192.0.2.10"     # an alias in ~/.ssh/config, or [user@]address[:port]
///     user = "alice"             # optional, as all keys are
///     port = 22
///     identity = "id_ed25519"    # relative to this file; ~/ is the home directory
///     known_hosts = "known_hosts"
///     scratch = "/scratch/alice" # base directory on the host
///     slots = 4                  # concurrent tasks
///     memory = "16GiB"           # that concurrent tasks may declare in total
///     connect_timeout = 10       # seconds
///
///     [workers]                  # several machines that differ only in their address
///     address = ["192.0.2.11", "bob@192.0.2.12:2222"]
///
///     others = ["alice@192.0.2.13", "192.0.2.14"]    # before all tables: only addresses
///
///     [[more]]                   # several machines that differ
///     address = "192.0.2.15"
// clang-format on
std::vector<host_binding> read_hosts_file(const std::string& path);

/// Reads `[user@]address[:port]`; an IPv6 address with a port stands in brackets. Throws `options_error`.
ssh_host parse_address(const std::string& text);

}  // namespace weft::cli
