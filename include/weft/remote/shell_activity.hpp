// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/channel.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::remote {

/// Tells a host's shell that works for long (it copies or removes much) from one whose tool hangs. While a
/// shell works it says nothing, so another one, on a channel of its own, looks at the processor time that the
/// processes below each shell of this connection have used. Belongs to the connection's thread.
class shell_activity {
public:
    shell_activity(ssh_session_struct* session, bool& activity) : session_(session), activity_(activity) {}

    /// Has it looked at, unless that is under way. The first look of two finds nothing yet.
    void look();

    /// Does what can be done now. Returns the shells, by their process numbers, that have worked between the
    /// last look and the one that has just ended.
    std::vector<std::string> advance();

private:
    ssh_session_struct* session_;
    bool& activity_;
    std::unique_ptr<ssh::channel> channel_;
    std::string said_;
    std::map<std::string, std::string, std::less<>> before_;  ///< what was used, by shell
};

}  // namespace weft::remote
