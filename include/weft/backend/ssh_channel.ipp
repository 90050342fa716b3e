// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/ssh_channel.hpp>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace weft::backend {

namespace detail {

/// What is read and written at a time: 256 KiB gave the best throughput of 16 KiB to 1 MiB.
inline constexpr std::size_t ssh_chunk = 256 * 1024;

}  // namespace detail

WEFT_INLINE ssh_channel::ssh_channel(ssh_session_struct* session, std::string command, bool& activity)
    : session_(session),
      channel_(::ssh_channel_new(session)),
      callbacks_(std::make_unique<ssh_channel_callbacks_struct>()),
      command_(std::move(command)),
      activity_(activity) {
    if (channel_ == nullptr) {
        error_ = ::ssh_get_error(session);
        return;
    }
    // The callbacks take nothing (what came stays in libssh's buffer, which bounds the window): they only
    // tell.
    callbacks_->userdata = &activity;
    callbacks_->channel_data_function = [](::ssh_session, ::ssh_channel, void*, std::uint32_t, int,
                                           void* seen) {
        *static_cast<bool*>(seen) = true;
        return 0;
    };
    const auto tell = [](::ssh_session, ::ssh_channel, void* seen) { *static_cast<bool*>(seen) = true; };
    callbacks_->channel_eof_function = tell;
    callbacks_->channel_close_function = tell;
    callbacks_->channel_write_wontblock_function = [](::ssh_session, ::ssh_channel, std::uint32_t,
                                                      void* seen) {
        *static_cast<bool*>(seen) = true;
        return 0;
    };
    ssh_callbacks_init(callbacks_.get());
    ::ssh_set_channel_callbacks(channel_, callbacks_.get());
}

WEFT_INLINE ssh_channel::~ssh_channel() {
    if (channel_ == nullptr) return;
    // libssh keeps a freed channel until the host has closed it too, and would go on to call back.
    ::ssh_remove_channel_callbacks(channel_, callbacks_.get());
    ::ssh_channel_free(channel_);
}

WEFT_INLINE void ssh_channel::write_from(os::descriptor input) {
    input_ = std::move(input);
    input_ended_ = !input_;
}

WEFT_INLINE void ssh_channel::read_to(os::descriptor output, std::string marker) {
    output_ = std::move(output);
    to_descriptor_ = true;
    marker_ = std::move(marker);
}

WEFT_INLINE bool ssh_channel::advance() {
    if (failed()) return false;
    if (stage_ == stage::opening || stage_ == stage::requesting) start();
    if (stage_ != stage::running) return !failed();
    pump_input();
    const bool output_left = pump_output();
    const bool errors_left = pump_errors();
    if (output_left || errors_left || !::ssh_channel_is_closed(channel_)) return !failed();
    stage_ = stage::ended;
    output_.reset();
    input_.reset();
    return false;
}

WEFT_INLINE void ssh_channel::start() {
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
        activity_ = true;  // there may be work that waits for a channel
    } else {
        error_ = std::string("the host refuses to run commands: ") + ::ssh_get_error(session_);
    }
}

WEFT_INLINE void ssh_channel::pump_input() {
    while (!eof_sent_ && !::ssh_channel_is_closed(channel_)) {
        const std::size_t window = ::ssh_channel_window_size(channel_);
        if (to_write_.empty() && input_ && window > 0) {
            std::array<char, detail::ssh_chunk> buffer;
            const ssize_t got = ::read(input_.get(), buffer.data(), std::min(buffer.size(), window));
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (got > 0) {
                to_write_.assign(buffer.data(), static_cast<std::size_t>(got));
            } else {
                input_.reset();
                input_ended_ = true;
            }
        }
        if (to_write_.empty()) {
            if (!input_ended_) return;
            ::ssh_channel_send_eof(channel_);
            eof_sent_ = true;
            return;
        }
        if (window == 0) return;
        const auto size = static_cast<std::uint32_t>(std::min(to_write_.size(), window));
        const int written = ::ssh_channel_write(channel_, to_write_.data(), size);
        if (written == SSH_ERROR) {
            error_ = ::ssh_get_error(session_);
            return;
        }
        if (written <= 0) return;
        to_write_.erase(0, static_cast<std::size_t>(written));
    }
}

/// True while there is something left to read or to write on.
WEFT_INLINE bool ssh_channel::pump_output() {
    std::array<char, 64 * 1024> buffer;
    while (flush_output()) {
        const int got = ::ssh_channel_read_nonblocking(channel_, buffer.data(), buffer.size(), 0);
        if (got <= 0) return false;
        take_output({buffer.data(), static_cast<std::size_t>(got)});
    }
    return true;
}

WEFT_INLINE bool ssh_channel::pump_errors() {
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const int got = ::ssh_channel_read_nonblocking(channel_, buffer.data(), buffer.size(), 1);
        if (got <= 0) return false;
        if (on_stderr) on_stderr({buffer.data(), static_cast<std::size_t>(got)});
    }
}

WEFT_INLINE void ssh_channel::take_output(std::string_view bytes) {
    if (!to_descriptor_) {
        if (on_stdout) on_stdout(bytes);
        return;
    }
    pending_ += bytes;
    if (marker_.empty()) return;
    const auto found = pending_.find(marker_);
    if (found == pending_.npos) {
        // Keep only what may be the beginning of the marker.
        if (pending_.size() > marker_.size()) pending_.erase(0, pending_.size() - marker_.size());
        return;
    }
    pending_.erase(0, found + marker_.size());
    marker_.clear();
}

/// Writes what is pending to the descriptor; false while some of it must wait.
WEFT_INLINE bool ssh_channel::flush_output() {
    if (!to_descriptor_ || !marker_.empty()) return true;
    while (!pending_.empty() && !output_broken_) {
        const ssize_t written = ::write(output_.get(), pending_.data(), pending_.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) return false;
        if (written < 0)
            output_broken_ = true;  // nobody reads any more: let the command run dry
        else
            pending_.erase(0, static_cast<std::size_t>(written));
    }
    if (output_broken_) {
        pending_.clear();
        output_.reset();
        ::ssh_channel_close(channel_);
        to_descriptor_ = false;
    }
    return true;
}

WEFT_INLINE int ssh_channel::input_to_watch() const {
    const bool wants = stage_ == stage::running && input_ && to_write_.empty() && !eof_sent_ &&
                       ::ssh_channel_window_size(channel_) > 0;
    return wants ? input_.get() : -1;
}

WEFT_INLINE int ssh_channel::output_to_watch() const {
    return stage_ == stage::running && !pending_.empty() && marker_.empty() && output_ ? output_.get() : -1;
}

}  // namespace weft::backend
