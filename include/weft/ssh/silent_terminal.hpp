// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <memory>

namespace weft::ssh::detail {

/// A terminal that does not show what is typed, for as long as this exists. It shows it again also when a
/// signal ends or stops the program meanwhile, unless the program handles that signal itself. One at a time.
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
