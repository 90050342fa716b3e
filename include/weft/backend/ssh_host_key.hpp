// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <vector>

struct ssh_session_struct;

namespace weft::backend {

/// Compares the key of a connected host with known_hosts; `files` are looked through in this order. An
/// unknown, changed or revoked key is refused: throws `place_error`, one line that begins with `host` and
/// says what to do. Nothing is ever written.
void check_host_key(ssh_session_struct* session, const std::string& host,
                    const std::vector<std::string>& files);

}  // namespace weft::backend
