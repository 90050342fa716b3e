// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <vector>

namespace weft::cli {

/// The options that bind hosts, as they were given.
struct host_flags {
    std::string file;                      ///< `--hosts FILE`
    std::vector<std::string> addresses;    ///< `--host NAME=[user@]address[:port]`
    std::vector<std::string> identities;   ///< `--identity [NAME=]FILE`
    std::vector<std::string> known_hosts;  ///< `--known-hosts [NAME=]FILE`
};

/// The bindings that file and options say together; an option overrides the file. Throws `options_error` that
/// names the option and what it should be.
std::vector<host_binding> bind_hosts(const plan::view& what, const host_flags& given);

}  // namespace weft::cli
