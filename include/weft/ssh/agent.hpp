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

/// The user's ssh agent. libssh offers all of an agent's keys in the agent's order; so it talks to this one,
/// which shows it only the keys that are to be tried, in the order of the login, and passes all else on.
class agent {
public:
    /// Connects to the agent at `socket` and asks for its keys, which it must tell within `patience`: some
    /// agents ask their user first. Without an agent there are none.
    agent(const std::string& socket, const interruption& stop,
          std::chrono::milliseconds patience = std::chrono::seconds(30));
    agent(const agent&) = delete;
    agent& operator=(const agent&) = delete;
    ~agent();

    struct identity {
        std::string key;  ///< the public key as the protocol encodes it
        std::string comment;
    };
    const std::vector<identity>& identities() const { return identities_; }

    /// False when there is one that does not say what keys it has.
    bool answers() const { return answers_; }

    /// From now on an agent that has only `keys`, in this order, is at the descriptor that is returned; the
    /// caller closes it. -1 when that cannot be. Called once.
    int serve(std::vector<identity> keys);

private:
    void answer_requests(const std::vector<identity>& keys) const;
    bool ask(std::string_view request, std::string& reply, int patience = -1) const;

    const interruption& stop_;
    os::descriptor agent_;
    os::descriptor ours_;  ///< the other end of what `serve` returns
    bool answers_ = true;
    std::vector<identity> identities_;
    struct server;
    std::unique_ptr<server> server_;
};

}  // namespace weft::ssh
