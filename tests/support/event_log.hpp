// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/observer.hpp>

#include <functional>
#include <string>
#include <vector>

namespace support {

/// Records the events that a place reports about its connection.
struct event_log final : weft::engine::observer {
    std::vector<std::string> away;
    std::vector<std::string> back;
    std::function<void()> on_away{};

    void host_away(std::string_view, std::string_view why, std::chrono::milliseconds) override {
        away.emplace_back(why);
        if (on_away) on_away();
    }
    void host_back(std::string_view host, std::chrono::nanoseconds) override { back.emplace_back(host); }
};

}  // namespace support
