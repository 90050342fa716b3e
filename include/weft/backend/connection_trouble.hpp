// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/backend.hpp>

namespace weft::backend {

// Why there is no connection, where another try may do better. What a host says no to (a key, a login, a
// missing tool) is a plain `place_error`.

/// The host took the connection, and then it broke: what was asked for meanwhile may have been done there.
class connection_broken : public engine::place_error {
public:
    using engine::place_error::place_error;
};

/// Nobody takes the connection: it is refused, or there is no answer, or no way to the host.
class connection_refused : public engine::place_error {
public:
    using engine::place_error::place_error;
};

/// A question to a host that was not answered within its time.
class no_answer : public engine::place_error {
public:
    using engine::place_error::place_error;
};

}  // namespace weft::backend
