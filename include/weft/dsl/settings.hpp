// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>

#include <cstdint>

namespace weft::dsl {

/// The quantities of a task, as values; everything with a name is a type. Durations are in milliseconds; zero
/// means "no limit".
struct settings {
    std::uint32_t attempts = 1;
    std::chrono::milliseconds retry_delay{};
    std::chrono::milliseconds time_limit{};
    std::uint32_t cpus = 1;
    std::uint64_t memory = 0;
    bool keep = false;
    bool writable_inputs = false;
};

}  // namespace weft::dsl
