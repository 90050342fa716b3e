// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct ssh_channel_callbacks_struct;
struct ssh_channel_struct;
struct ssh_session_struct;

namespace weft::backend {

/// One command on a connection with its three streams, driven by the connection's thread: `advance` does all
/// that can be done without waiting. Streams are text in memory or a descriptor of this process; with a
/// descriptor, no more than one chunk is ever buffered here, in either direction.
class ssh_channel {
public:
    /// Opens a channel for `command` (for the login shell) on the session. `activity` is set whenever
    /// something arrived for it, also while another channel was served.
    ssh_channel(ssh_session_struct* session, std::string command, bool& activity);
    ssh_channel(const ssh_channel&) = delete;
    ssh_channel& operator=(const ssh_channel&) = delete;
    ~ssh_channel();

    /// Text for the command's stdin, in front of what comes from `input`.
    void write(std::string_view text) { to_write_ += text; }

    /// After the text: all of `input` (non-blocking, closed at its end), then end of file.
    void write_from(os::descriptor input);
    void end_input() { input_ended_ = true; }

    /// stdout goes to `output` (non-blocking) from the byte after the line `marker` on; what comes before it
    /// (a login shell's greeting) is dropped.
    void read_to(os::descriptor output, std::string marker);

    /// Otherwise these get stdout and stderr as they come.
    std::function<void(std::string_view)> on_stdout;
    std::function<void(std::string_view)> on_stderr;

    /// Does what can be done now. False when the channel has ended and all of it was read.
    bool advance();

    /// Whether the channel waits for its descriptors: what the event loop should watch.
    int input_to_watch() const;
    int output_to_watch() const;

    /// The command has been started.
    bool running() const { return stage_ == stage::running; }

    /// The channel could not be opened or was refused; `error` says why.
    bool failed() const { return !error_.empty(); }
    const std::string& error() const { return error_; }

private:
    enum class stage { opening, requesting, running, ended };

    void start();
    void pump_input();
    bool pump_output();
    bool pump_errors();
    void take_output(std::string_view bytes);
    bool flush_output();

    ssh_session_struct* session_;
    ssh_channel_struct* channel_;
    std::unique_ptr<ssh_channel_callbacks_struct> callbacks_;
    std::string command_;
    bool& activity_;
    stage stage_ = stage::opening;
    std::string error_;
    std::string to_write_;
    os::descriptor input_;
    bool input_ended_ = false;
    bool eof_sent_ = false;
    os::descriptor output_;
    bool to_descriptor_ = false;
    bool output_broken_ = false;
    std::string marker_;
    std::string pending_;  ///< read from the channel, not yet written to `output_`
};

}  // namespace weft::backend
