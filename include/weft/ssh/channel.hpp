// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/send_pace.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct ssh_channel_callbacks_struct;
struct ssh_channel_struct;
struct ssh_session_struct;

namespace weft::ssh {

/// One command on a connection with its three streams. The connection's thread drives it: `advance` does
/// everything that is possible without waiting.
class channel {
public:
    /// Opens a channel for `command` (run by the login shell) on the session. Sets `activity` when data
    /// arrives for it, even while another channel is being serviced.
    channel(ssh_session_struct* session, std::string command, bool& activity);
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;
    ~channel();

    /// Queues bytes for the command's stdin.
    void write(std::string_view bytes);
    std::size_t unsent() const { return to_write_.size() - written_; }
    /// Sends without queueing; returns how many bytes were accepted. 0 while queued bytes are unsent.
    std::size_t send(std::string_view bytes);

    /// Receive stdout and stderr as they arrive. While `held` returns true, stdout stays in libssh's buffer,
    /// and the host stops sending when the window is full (backpressure).
    std::function<void(std::string_view)> on_stdout;
    std::function<void(std::string_view)> on_stderr;
    std::function<bool()> held;

    /// Enlarges the receive window, for bulk data over a line with a long delay.
    void widen() { wide_ = std::make_unique_for_overwrite<char[]>(wide_window); }

    /// Does what is possible without waiting. False when the channel has ended and everything was read.
    bool advance();

    /// Closes the channel from this side.
    void close();

    /// Bytes sent and received.
    std::uint64_t moved() const { return moved_; }
    /// The exit code of the ended command; -1 when the host did not report one.
    int exit_code() const;

    /// Whether the command has been started.
    bool running() const { return stage_ == stage::running; }

    /// Whether the channel failed to open or was refused; `error` has the reason.
    bool failed() const { return !error_.empty(); }
    const std::string& error() const { return error_; }

private:
    /// Twice the window of OpenSSH's client and three times that of libssh.
    static constexpr std::size_t wide_window = 4u << 20;

    enum class stage { opening, requesting, running, ended };

    void start();
    void pump_input();
    std::size_t send_now(std::string_view bytes);
    bool pump_output();
    bool pump_errors();

    ssh_session_struct* session_;
    ssh_channel_struct* channel_;
    std::unique_ptr<ssh_channel_callbacks_struct> callbacks_;
    std::string command_;
    bool& activity_;
    stage stage_ = stage::opening;
    std::string error_;
    std::string to_write_;
    std::size_t written_ = 0;  ///< of `to_write_`
    std::uint64_t moved_ = 0;
    send_pace pace_;
    std::unique_ptr<char[]> wide_;  ///< read buffer of the window's size
    std::size_t taken_ = 0;         ///< bytes read since the window was last enlarged
};

}  // namespace weft::ssh
