// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/failure.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::ssh {

/// A line of a known_hosts file that contains a key.
struct known_hosts_line {
    enum class marker { none, authority, revoked };
    marker marked = marker::none;
    std::string file;
    std::size_t number = 0;
    std::string hosts;  ///< comma-separated patterns, or one hash
    std::string type;   ///< `ssh-ed25519`
    std::string key;    ///< the public key in the SSH wire format
    std::string shown() const { return "line " + std::to_string(number) + " of " + file; }
};

/// The lines with keys in the text of a known_hosts file, parsed as OpenSSH does: other and damaged lines are
/// skipped. Unlike OpenSSH, it accepts `@revoked` followed by a tab.
std::vector<known_hosts_line> known_hosts_lines(const std::string& file, std::string_view text);

/// The lines of several files, in order. A missing file counts as empty. Throws `failure` that names a file
/// that is unreadable or not a regular file (reading a fifo would block).
std::vector<known_hosts_line> read_known_hosts(const std::vector<std::string>& files);

/// Whether the hosts field of a line applies to `name`: a pattern (`*`, `?`, case-insensitive) matches and no
/// negated one (`!`) does, or the hash is that of the name.
bool is_for_host(std::string_view hosts, const std::string& name);

/// The result of looking up a host's key in known_hosts.
struct host_key_verdict {
    enum class kind { known, unknown, changed, revoked };
    kind is = kind::unknown;
    const known_hosts_line* line = nullptr;  ///< the deciding line; null when unknown
};

/// Looks up `key` under `names`, `[host]:port` first. As in OpenSSH, the next name (`host`) is used only if
/// no key is known under the previous one. A revoked key is rejected under every name.
host_key_verdict look_up_host_key(const std::vector<known_hosts_line>& lines,
                                  const std::vector<std::string>& names, std::string_view key);

}  // namespace weft::ssh
