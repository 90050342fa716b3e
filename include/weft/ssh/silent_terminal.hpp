// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <memory>

namespace weft::ssh::detail {

/// Disables a terminal's echo for as long as this object exists. The echo is also restored when a signal ends
/// or stops the program, unless the program handles that signal itself. Use one at a time.
class silent_terminal {
public:
    explicit silent_terminal(int terminal);
    silent_terminal(const silent_terminal&) = delete;
    silent_terminal& operator=(const silent_terminal&) = delete;
    ~silent_terminal();

private:
    struct signals;
    std::unique_ptr<signals> signals_;
};

}  // namespace weft::ssh::detail
