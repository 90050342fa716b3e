// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/channel.hpp>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <algorithm>
#include <array>
#include <utility>

namespace weft::ssh {

WEFT_INLINE channel::channel(ssh_session_struct* session, std::string command, bool& activity)
    : session_(session),
      channel_(::ssh_channel_new(session)),
      callbacks_(std::make_unique<ssh_channel_callbacks_struct>()),
      command_(std::move(command)),
      activity_(activity) {
    if (channel_ == nullptr) {
        error_ = ::ssh_get_error(session);
        return;
    }
    // The callbacks only set the flag. They consume nothing: the data stays in libssh's buffer, which bounds
    // the window.
    callbacks_->userdata = &activity;
    callbacks_->channel_data_function = [](::ssh_session, ::ssh_channel, void*, std::uint32_t, int,
                                           void* seen) {
        *static_cast<bool*>(seen) = true;
        return 0;
    };
    const auto set_flag = [](::ssh_session, ::ssh_channel, void* seen) { *static_cast<bool*>(seen) = true; };
    callbacks_->channel_eof_function = set_flag;
    callbacks_->channel_close_function = set_flag;
    callbacks_->channel_write_wontblock_function = [](::ssh_session, ::ssh_channel, std::uint32_t,
                                                      void* seen) {
        *static_cast<bool*>(seen) = true;
        return 0;
    };
    ssh_callbacks_init(callbacks_.get());
    ::ssh_set_channel_callbacks(channel_, callbacks_.get());
}

WEFT_INLINE channel::~channel() {
    if (channel_ == nullptr) return;
    // libssh keeps a freed channel until the host has closed it too, and would continue to call back.
    ::ssh_remove_channel_callbacks(channel_, callbacks_.get());
    ::ssh_channel_free(channel_);
}

/// Removes sent bytes from the queue only when they outweigh the rest, because moving the rest costs too.
WEFT_INLINE void channel::write(std::string_view bytes) {
    if (written_ > to_write_.size() / 2) {
        to_write_.erase(0, written_);
        written_ = 0;
    }
    to_write_ += bytes;
}

WEFT_INLINE void channel::close() {
    if (stage_ == stage::running) ::ssh_channel_close(channel_);
}

WEFT_INLINE int channel::exit_code() const {
    return channel_ == nullptr ? -1 : ::ssh_channel_get_exit_status(channel_);
}

WEFT_INLINE bool channel::advance() {
    if (failed()) return false;
    if (stage_ == stage::opening || stage_ == stage::requesting) start();
    if (stage_ != stage::running) return !failed();
    pump_input();
    const bool output_left = pump_output();
    const bool errors_left = pump_errors();
    if (output_left || errors_left || !::ssh_channel_is_closed(channel_)) return !failed();
    stage_ = stage::ended;
    return false;
}

WEFT_INLINE void channel::start() {
    if (stage_ == stage::opening) {
        const int opened = ::ssh_channel_open_session(channel_);
        if (opened == SSH_AGAIN) return;
        if (opened != SSH_OK) error_ = std::string("cannot open a channel: ") + ::ssh_get_error(session_);
        if (opened != SSH_OK) return;
        stage_ = stage::requesting;
    }
    const int started = ::ssh_channel_request_exec(channel_, command_.c_str());
    if (started == SSH_AGAIN) return;
    if (started == SSH_OK) {
        stage_ = stage::running;
        activity_ = true;  // work may be waiting for a channel
    } else {
        error_ = std::string("the host refused to run a command: ") + ::ssh_get_error(session_);
    }
}

WEFT_INLINE std::size_t channel::send_now(std::string_view bytes) {
    std::size_t gone = 0;
    while (gone < bytes.size() && !::ssh_channel_is_closed(channel_)) {
        const std::size_t window = ::ssh_channel_window_size(channel_);
        const std::size_t allowed = pace_.allowed(window, send_pace::clock::now());
        if (allowed == 0) break;
        const auto size = static_cast<std::uint32_t>(std::min(bytes.size() - gone, allowed));
        const int sent = ::ssh_channel_write(channel_, bytes.data() + gone, size);
        if (sent == SSH_ERROR) error_ = ::ssh_get_error(session_);
        if (sent <= 0) break;
        pace_.sent(static_cast<std::size_t>(sent));
        moved_ += static_cast<std::size_t>(sent);
        gone += static_cast<std::size_t>(sent);
    }
    return gone;
}

WEFT_INLINE void channel::pump_input() {
    written_ += send_now(std::string_view(to_write_).substr(written_));
    if (unsent() != 0) return;
    to_write_.clear();
    written_ = 0;
}

WEFT_INLINE std::size_t channel::send(std::string_view bytes) {
    if (failed() || stage_ != stage::running) return 0;
    pump_input();
    return unsent() == 0 ? send_now(bytes) : 0;
}

/// Returns true while there is more to read.
WEFT_INLINE bool channel::pump_output() {
    std::array<char, 64 * 1024> buffer;
    for (;;) {
        if (held && held()) return true;
        // libssh grants the requested size as the window if that is more than its default.
        const bool grants = wide_ && taken_ >= wide_window / 4;
        char* const into = grants ? wide_.get() : buffer.data();
        const int got = grants ? ::ssh_channel_read_timeout(channel_, into, wide_window, 0, 0)
                               : ::ssh_channel_read_nonblocking(channel_, into, buffer.size(), 0);
        if (grants) taken_ = 0;
        if (got <= 0) return false;
        taken_ += static_cast<std::size_t>(got);
        moved_ += static_cast<std::size_t>(got);
        if (on_stdout) on_stdout({into, static_cast<std::size_t>(got)});
    }
}

WEFT_INLINE bool channel::pump_errors() {
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const int got = ::ssh_channel_read_nonblocking(channel_, buffer.data(), buffer.size(), 1);
        if (got <= 0) return false;
        moved_ += static_cast<std::size_t>(got);
        if (on_stderr) on_stderr({buffer.data(), static_cast<std::size_t>(got)});
    }
}

}  // namespace weft::ssh
