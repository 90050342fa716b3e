// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/async.hpp>
#include <weft/remote/file_stream.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace weft::remote {

/// One connection to a host, as `host` uses it: a control shell and streams of files. `connection` is the one
/// over SSH; tests of the recovery script another. Members are called on the reactor's thread, and events
/// arrive there, never inside a call of a member.
class host_link {
public:
    host_link() = default;
    virtual ~host_link() = default;
    host_link(const host_link&) = delete;
    host_link& operator=(const host_link&) = delete;

    /// What arrives on the control channel, line by line.
    std::function<void(std::string)> on_reply;   ///< stdout
    std::function<void(std::string)> on_notice;  ///< stderr
    /// The connection is gone; called once, with the reason. Not after `close`.
    /// `shell_ended`: the connection stands, but its control shell has ended.
    std::function<void(std::string, bool shell_ended)> on_lost;
    /// A shell of this connection, by its process number, used processor time between two looks.
    std::function<void(std::string)> on_work;

    /// Connects, authenticates and starts a POSIX sh on the control channel, and opens `streams` channels for
    /// files. Throws `place_error`.
    virtual os::async<void> open(std::size_t streams) = 0;

    /// Ends an `open` that is under way: it throws `place_error` at once.
    virtual void interrupt() = 0;

    /// Sends text to the control shell. After the connection is gone it does nothing.
    virtual void tell(std::string text) = 0;

    /// Has the host looked at for shells that work; they are reported to `on_work`.
    virtual void look() = 0;

    /// Hands what came without a line end to `on_reply` and `on_notice`, then calls `then`. When the
    /// connection is gone `then` may never be called.
    virtual void flush(std::function<void()> then) = 0;

    /// The run ends: transfers are not waited for as long as before.
    virtual void hurry() = 0;

    /// Moves a stream of files.
    virtual os::async<stream_end> move(std::unique_ptr<file_stream> what) = 0;

    /// Ends the control shell and the connection. May be called in any state.
    virtual os::async<void> close() = 0;
};

}  // namespace weft::remote
