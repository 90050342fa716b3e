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

/// How long a host may stay away.
inline std::chrono::milliseconds patience_with(const ssh_host& how) {
    return how.deadline.count() != 0 ? how.deadline : how.connect_timeout;
}

/// Why a connection ended when there is nothing to say of it.
inline constexpr std::string_view just_lost = "the connection was lost";

/// A random word that marks where the output of a command of ours starts.
std::string random_marker();

/// An authenticated connection to a host, with a thread of its own that owns the libssh session: looking up
/// names, key exchange and a ProxyCommand block, and a slow host must not delay the others.
///
/// It has one control channel and at most four for streams of files, all of which live as long as the
/// connection.
class connection final : public host_link {
public:
    /// `aside` is a directory here for what must wait for a channel.
    connection(os::reactor& loop, std::string name, ssh_host how, std::string aside);
    ~connection() override;

    /// Channels for files are opened ahead, so that the start-up of their login shells (0.2 s on some
    /// machines) is not waited for.
    os::async<void> open(std::size_t streams) override;
    void interrupt() override;
    void tell(std::string text) override;
    /// See `shell_activity`.
    void look() override;
    void flush(std::function<void()> then) override;
    void hurry() override;
    os::async<stream_end> move(std::unique_ptr<file_stream> what) override;
    /// Waits for the thread; after an ssh::interruption only for a moment, since nothing ends the look-up of
    /// a name.
    os::async<void> close() override;

private:
    struct worker;
    os::reactor& loop_;
    std::string name_;
    ssh_host how_;
    std::string aside_;
    std::shared_ptr<worker> worker_;
    std::shared_ptr<os::completion<bool>> opened_;
    std::shared_ptr<os::completion<bool>> ended_;  ///< the thread has nothing left to do
};

}  // namespace weft::remote
