// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/failure.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::ssh {

/// A line of a known_hosts file that holds a key.
struct known_hosts_line {
    enum class marker { none, authority, revoked };
    marker marked = marker::none;
    std::string file;
    std::size_t number = 0;
    std::string hosts;  ///< patterns between commas, or one hash
    std::string type;   ///< `ssh-ed25519`
    std::string key;    ///< the public key as the protocol encodes it
    std::string shown() const { return "line " + std::to_string(number) + " of " + file; }
};

/// The lines with keys in the text of a known_hosts file, as OpenSSH reads them: other lines, damaged ones
/// among them, are skipped. More than OpenSSH does it takes for `@revoked`: also one with a tab behind it.
std::vector<known_hosts_line> known_hosts_lines(const std::string& file, std::string_view text);

/// Those of several files, in order. A file that is not there is empty. Throws `failure` that names the
/// file when it cannot be read or is no regular file (a fifo would be waited for).
std::vector<known_hosts_line> read_known_hosts(const std::vector<std::string>& files);

/// Whether the hosts of a line are for `name`: a pattern matches (`*`, `?`, whatever the case) and no negated
/// one (`!`) does, or the hash is that of the name.
bool is_for_host(std::string_view hosts, const std::string& name);

/// What known_hosts says of the key that a host shows.
struct host_key_verdict {
    enum class kind { known, unknown, changed, revoked };
    kind is = kind::unknown;
    const known_hosts_line* line = nullptr;  ///< that says so; null when unknown
};

/// Looks up `key` under `names`: `[host]:port` first; under the next (`host`) only while nothing is known
/// under the one before, as OpenSSH does. A revoked key is refused under every name.
host_key_verdict look_up_host_key(const std::vector<known_hosts_line>& lines,
                                  const std::vector<std::string>& names, std::string_view key);

}  // namespace weft::ssh
