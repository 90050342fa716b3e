// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::ssh {

class interruption;

/// A client of the user's ssh agent. libssh offers all keys of an agent in the agent's order, so it talks to
/// this class instead, which presents only the keys of the login, in order, and forwards other requests.
class agent {
public:
    /// Connects to the agent at `socket` and requests its keys; waits up to `patience`, since some agents ask
    /// their user first. Without an agent there are no identities.
    agent(const std::string& socket, const interruption& stop,
          std::chrono::milliseconds patience = std::chrono::seconds(30));
    agent(const agent&) = delete;
    agent& operator=(const agent&) = delete;
    ~agent();

    struct identity {
        std::string key;  ///< the public key in the SSH wire format
        std::string comment;
    };
    const std::vector<identity>& identities() const { return identities_; }

    /// False when an agent exists but did not list its keys.
    bool answers() const { return answers_; }

    /// Returns a descriptor that speaks the agent protocol and presents only `keys`, in this order; the
    /// caller closes it. Returns -1 on failure. Call it once.
    int serve(std::vector<identity> keys);

private:
    void answer_requests(const std::vector<identity>& keys) const;
    bool ask(std::string_view request, std::string& reply, int patience = -1) const;

    const interruption& stop_;
    os::descriptor agent_;
    os::descriptor ours_;  ///< the peer of the descriptor that `serve` returns
    bool answers_ = true;
    std::vector<identity> identities_;
    struct server;
    std::unique_ptr<server> server_;
};

}  // namespace weft::ssh
