// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <vector>

namespace weft::cli {

/// The options that bind hosts, as given.
struct host_flags {
    std::string file;                      ///< `--hosts FILE`
    std::vector<std::string> addresses;    ///< `--host NAME=[user@]address[:port]`
    std::vector<std::string> identities;   ///< `--identity [NAME=]FILE`
    std::vector<std::string> known_hosts;  ///< `--known-hosts [NAME=]FILE`
};

/// The bindings from file and options; an option overrides the file. Throws `options_error` that names the
/// option and its correct form.
std::vector<host_binding> bind_hosts(const plan::view& plan, const host_flags& given);

}  // namespace weft::cli
