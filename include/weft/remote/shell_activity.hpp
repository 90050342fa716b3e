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

/// Distinguishes a busy shell of a host (it copies or removes much) from one whose tool hangs. A busy shell
/// prints nothing, so another shell, on its own channel, samples the processor time of the processes below
/// each shell of this connection. Used on the connection's thread only.
class shell_activity {
public:
    shell_activity(ssh_session_struct* session, bool& activity) : session_(session), activity_(activity) {}

    /// Starts a sample unless one is running. Activity is found from the second sample on.
    void look();

    /// Does what is possible without waiting. When a sample has ended, returns the process ids of the shells
    /// that were active since the previous one.
    std::vector<std::string> advance();

private:
    ssh_session_struct* session_;
    bool& activity_;
    std::unique_ptr<ssh::channel> channel_;
    std::string output_;
    std::map<std::string, std::string, std::less<>> before_;  ///< the previous sample, by shell
};

}  // namespace weft::remote
