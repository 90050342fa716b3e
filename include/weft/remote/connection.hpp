// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/async.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/reactor.hpp>
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

/// A word that nobody else prints, to find where the output of a command of ours starts.
std::string random_marker();

/// An authenticated connection to a host, with a thread of its own that owns the libssh session: looking up
/// names, key exchange and a ProxyCommand block, and a slow host must not delay the others. Its members are
/// called on the reactor's thread, and its events arrive there.
///
/// It has one control channel and at most four for streams of files, all of which live as long as the
/// connection.
class connection {
public:
    /// `aside` is a directory here for what must wait for a channel.
    connection(os::reactor& loop, std::string name, ssh_host how, std::string aside);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// What arrives on the control channel, line by line.
    std::function<void(std::string)> on_reply;   ///< stdout
    std::function<void(std::string)> on_notice;  ///< stderr
    /// The connection is gone; called once, with why. Not after `close`.
    /// `shell_ended`: the connection stands, and its control shell is gone.
    std::function<void(std::string, bool shell_ended)> on_lost;
    /// A shell of this connection, by its process number, worked between two looks.
    std::function<void(std::string)> on_work;

    /// Connects, authenticates and starts a POSIX sh on the control channel, and opens `streams` channels
    /// ahead, so that the start-up of their login shells (0.2 s on some machines) is not waited for. Throws
    /// `place_error`.
    os::async<void> open(std::size_t streams);

    /// Ends an `open` that is under way: it throws `place_error` at once.
    void interrupt();

    /// Sends text to the control shell.
    void tell(std::string text);

    /// Has the host looked at for shells that work, see `shell_activity`.
    void look();

    /// Hands what came without a line end to `on_reply` and `on_notice`, then calls `then`.
    void flush(std::function<void()> then);

    /// The run ends: transfers are not waited for as long as before.
    void hurry();

    /// Moves a stream of files.
    os::async<stream_end> move(std::unique_ptr<file_stream> what);

    /// Ends the control shell and the connection. Waits for the thread; after an ssh::interruption only for a
    /// moment, since nothing ends the look-up of a name.
    os::async<void> close();

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
