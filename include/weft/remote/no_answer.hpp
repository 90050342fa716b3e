// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>

namespace weft::remote {

/// A question to a host that was not answered within its time.
class no_answer : public engine::place_error {
public:
    using engine::place_error::place_error;
};


}  // namespace weft::remote
