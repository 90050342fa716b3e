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

/// One command on a connection with its three streams, driven by the connection's thread: `advance` does all
/// that can be done without waiting.
class channel {
public:
    /// Opens a channel for `command` (for the login shell) on the session. `activity` is set whenever
    /// something arrived for it, also while another channel was served.
    channel(ssh_session_struct* session, std::string command, bool& activity);
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;
    ~channel();

    /// For the command's stdin, as soon as the host takes it.
    void write(std::string_view bytes);
    std::size_t unsent() const { return to_write_.size() - written_; }
    /// The same without keeping them: how many of them could go at once. None while others are unsent.
    std::size_t send(std::string_view bytes);

    /// These get stdout and stderr as they come. While `held` says so, stdout is left where it is, which
    /// stops the host when the window is full.
    std::function<void(std::string_view)> on_stdout;
    std::function<void(std::string_view)> on_stderr;
    std::function<bool()> held;

    /// Lets the host send further ahead: for what is much, over a long line.
    void widen() { wide_ = std::make_unique_for_overwrite<char[]>(wide_window); }

    /// Does what can be done now. False when the channel has ended and all of it was read.
    bool advance();

    /// Ends it from here.
    void close();

    /// Bytes that went either way.
    std::uint64_t moved() const { return moved_; }
    /// Of the command that has ended; -1 when the host did not say.
    int exit_code() const;

    /// The command has been started.
    bool running() const { return stage_ == stage::running; }

    /// The channel could not be opened or was refused; `error` says why.
    bool failed() const { return !error_.empty(); }
    const std::string& error() const { return error_; }

private:
    /// Twice that of OpenSSH's client, and three times that of libssh.
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
    std::unique_ptr<char[]> wide_;  ///< what is read into, of the size of the window
    std::size_t taken_ = 0;         ///< since the window was last made as wide as that
};

}  // namespace weft::ssh
