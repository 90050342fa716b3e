// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// A machine of `host` as log, report and journal call it: its host's name; when the host has several
/// `machines`, with its address behind it (`edge@192.0.2.1`), and with its port (`edge@192.0.2.1:2222`) where
/// two have one address.
std::string machine_name(const std::string& host, const std::vector<ssh_host>& machines, const ssh_host& one);

}  // namespace weft::engine
