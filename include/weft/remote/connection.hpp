// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/async.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/reactor.hpp>
#include <weft/remote/host_link.hpp>
#include <weft/remote/stream_shell.hpp>
#include <weft/ssh/ssh_host.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weft::remote {

/// The host's deadline: how long it may stay away.
inline std::chrono::milliseconds patience_with(const ssh_host& how) {
    return how.deadline.count() != 0 ? how.deadline : how.connect_timeout;
}

/// The reason of a lost connection if nothing else is known.
inline constexpr std::string_view just_lost = "the connection was lost";

/// A random word that marks where the output of a command of ours starts.
std::string random_marker();

/// An authenticated connection to a host with its own thread, which owns the libssh session: name lookup, key
/// exchange and a ProxyCommand block, and a slow host must not delay the others.
///
/// It has one control channel and up to four channels for streams of files, open as long as the connection.
class connection final : public host_link {
public:
    /// Transfers that wait for a channel are stored in `aside`, a directory of this machine.
    connection(os::reactor& loop, std::string name, ssh_host how, std::string aside);
    ~connection() override;

    /// Channels for files are opened in advance, so that no transfer waits for a login shell (0.2 s on some
    /// machines).
    os::async<void> open(std::size_t streams) override;
    void interrupt() override;
    void tell(std::string text) override;
    /// See `shell_activity`.
    void look() override;
    void flush(std::function<void()> then) override;
    void hurry() override;
    os::async<stream_end> move(std::unique_ptr<file_stream> what) override;
    /// Waits for the thread up to `connect_timeout`, after an interruption only for a moment: nothing can end
    /// a name lookup.
    os::async<void> close() override;

private:
    struct worker;
    os::reactor& loop_;
    std::string name_;
    ssh_host how_;
    std::string aside_;
    std::shared_ptr<worker> worker_;
    std::shared_ptr<os::completion<bool>> opened_;
    std::shared_ptr<os::completion<bool>> ended_;  ///< set when the thread has finished
};

}  // namespace weft::remote
