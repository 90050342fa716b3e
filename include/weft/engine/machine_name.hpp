// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// The name of a machine of `host` in log, report and journal: the host's name; if the host has several
/// `machines`, followed by the address (`edge@192.0.2.1`), and by the port (`edge@192.0.2.1:2222`) where two
/// machines share an address.
std::string machine_name(const std::string& host, const std::vector<ssh_host>& machines, const ssh_host& one);

}  // namespace weft::engine
