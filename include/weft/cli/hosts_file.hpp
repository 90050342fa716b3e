// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <string>
#include <vector>

namespace weft::cli {

/// Reads host bindings from a TOML file. Throws `options_error` that names file, line and column.
///
///     [edge]
///     address = "192.0.2.10"     # or an alias of ~/.ssh/config, [user@]address[:port]; all keys are
///     optional user = "alice" port = 22 identity = "id_ed25519"    # relative to this file; ~/ is the home
///     directory known_hosts = "known_hosts" scratch = "/scratch/alice" # base directory there slots = 4 #
///     tasks at a time memory = "16GiB"           # that tasks may declare together connect_timeout = 10 #
///     seconds
///
///     [workers]                  # several machines under one name, alike but for their address
///     address = ["192.0.2.11", "bob@192.0.2.12:2222"]
///
///     others = ["alice@192.0.2.13", "192.0.2.14"]    # above all tables: nothing but addresses
///
///     [[more]]                   # several machines that differ
///     address = "192.0.2.15"
std::vector<host_binding> read_hosts_file(const std::string& path);

/// Reads `[user@]address[:port]`; an IPv6 address with a port stands in brackets. Throws `options_error`.
ssh_host parse_address(const std::string& text);

}  // namespace weft::cli
