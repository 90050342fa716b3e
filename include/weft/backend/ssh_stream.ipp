// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/archive_script.hpp>
#include <weft/backend/ssh_connection.hpp>
#include <weft/backend/ssh_stream.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace weft::backend {

namespace detail {

/// Up to this size a file is one piece, the only one.
inline constexpr std::uint64_t small_file = 4u << 20;
/// A file of known size is announced in pieces of this size, each copied by one `dd` on the host.
inline constexpr std::uint64_t file_piece = 64u << 20;
/// An archive's size is not known before its end: this much is collected for each `dd`.
inline constexpr std::size_t archive_piece = 4u << 20;
/// How many transfers to a host may be on their way one behind another.
inline constexpr std::size_t most_in_line = 16;
/// Announces whole blocks.
WEFT_INLINE std::string announced(std::uint64_t size) {
    return std::to_string(size / stream_block) + ' ' + std::to_string(stream_block) + '\n';
}

}  // namespace detail

/// The shell waits for one line, which defines what it needs and makes it wait for more; `read` takes not a
/// byte more of its stdin. A line that begins with % is escaped.
WEFT_INLINE ssh_stream::ssh_stream(ssh_session_struct* session, bool& activity)
    : channel_(session, "exec sh -c 'IFS= read -r line && eval \"$(printf %b \"$line\")\"'", activity),
      marker_(random_marker()),
      activity_(activity) {
    channel_.on_stdout = [this](std::string_view bytes) { take_output(bytes); };
    channel_.on_stderr = [this](std::string_view bytes) {
        messages_ += bytes;
        if (messages_.size() > 8192) messages_.erase(0, messages_.size() - 4096);
    };
    channel_.held = [this] { return blocked(); };
    channel_.widen();
    const std::string first = std::string(transfer_functions()) + "printf '%s\\n' '" + marker_ +
                              "'\nwhile IFS= read -r weft_line; do\n"
                              "case $weft_line in %*) weft_line=$(printf %b \"${weft_line#%}\") ;; esac\n"
                              "eval \"$weft_line\"\ndone\n";
    channel_.write(escape_line(first) + '\n');
}

WEFT_INLINE void ssh_stream::send(std::string_view command) {
    if (command.find('\n') == command.npos)
        channel_.write(std::string(command) + '\n');
    else
        channel_.write('%' + escape_line(command) + '\n');
}

WEFT_INLINE bool ssh_stream::takes_more() const {
    return ready_ && !receives() && fed_ == jobs_.size() && jobs_.size() < detail::most_in_line;
}

WEFT_INLINE void ssh_stream::take(std::unique_ptr<transfer> job) {
    jobs_.push_back(std::move(job));
}

WEFT_INLINE bool ssh_stream::advance() {
    const bool more = feed();
    if (!channel_.advance()) return false;
    const bool held_back = blocked();
    take_bytes();
    // No event tells of what libssh holds already, or of room that was just made.
    if (more || (held_back && !blocked())) activity_ = true;
    return !broken_;
}

WEFT_INLINE std::string ssh_stream::trouble() const {
    if (channel_.failed()) return channel_.error();
    const auto end = messages_.find_last_not_of('\n');
    if (end == messages_.npos) return "its shell ended";
    const auto before = messages_.rfind('\n', end);
    const auto start = before == messages_.npos ? 0 : before + 1;
    return messages_.substr(start, end + 1 - start);
}

/// Sends a job's command.
WEFT_INLINE void ssh_stream::begin(transfer& job) {
    const std::string marker = random_marker();
    if (job.way == transfer::direction::from_host) {
        send(send_command(marker, job.directory, job.paths, job.there));
    } else if (job.header) {
        left_ = job.header->file ? job.header->size - job.header->there : 0;
        send(receive_command(marker, job.directory, *job.header));
    } else {
        send("printf '%s error the stream held no files\\n' " + marker);
    }
    markers_.push_back(marker);
    ++sent_;
}

/// Moves what the jobs have for the host to its channel, one job after another; false when there was nothing.
WEFT_INLINE bool ssh_stream::feed() {
    const std::size_t before = channel_.unsent();
    while (ready_ && fed_ < jobs_.size() && channel_.unsent() < detail::stream_buffer) {
        transfer& job = *jobs_[fed_];
        if (sent_ == fed_) begin(job);
        if (job.way == transfer::direction::to_host) {
            if (job.header && feed_some(job)) break;
            job.data.reset();
        }
        ++fed_;
        activity_ = true;  // there is room for one more behind it
    }
    return channel_.unsent() != before;
}

/// True when it is not all of it.
WEFT_INLINE bool ssh_stream::feed_some(transfer& job) {
    const bool file = job.header->file;
    for (;;) {
        job.read_ahead(file ? detail::stream_buffer : detail::archive_piece);
        if (owed_ == 0) {
            const std::uint64_t size = file ? std::min(left_, detail::file_piece) : job.read.size();
            if (size == 0 && (file || job.read_all)) break;
            if (!file && !job.read_all && size < detail::archive_piece) return true;
            // A small one is a single piece, for a single `dd`; else whole blocks first, then what is left.
            const bool whole = size <= (file ? detail::small_file : stream_block);
            owed_ = whole ? size : size / stream_block * stream_block;
            channel_.write(whole ? "1 " + std::to_string(size) + '\n' : detail::announced(owed_));
            if (file) left_ -= owed_;
        }
        if (job.read.empty()) {
            if (!job.read_all) return true;
            fill_up(job);
            return false;
        }
        const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(owed_, job.read.size()));
        channel_.write(std::string_view(job.read).substr(0, some));
        job.read.erase(0, some);
        owed_ -= some;
        if (channel_.unsent() >= detail::stream_buffer) return true;
    }
    channel_.write("0 0\n");
    return false;
}

/// The stream was cut: the host gets what it still waits for, a piece of an archive or a small file, and is
/// told. A file that can be gone on with ends its channel instead.
WEFT_INLINE void ssh_stream::fill_up(transfer& job) {
    job.read.clear();
    if (job.header->file && job.header->size > least_to_go_on_with) {
        broken_ = true;
        messages_ += "\nthe stream was cut\n";
        return;
    }
    channel_.write(std::string(static_cast<std::size_t>(owed_), '\0') + "- 0\n");
    owed_ = 0;
    left_ = 0;
}

WEFT_INLINE bool ssh_stream::blocked() const {
    return output_.size() - given_ > detail::stream_buffer;
}

WEFT_INLINE void ssh_stream::take_output(std::string_view bytes) {
    output_ += bytes;
    take_bytes();
}

/// Gives on what arrived, up to the next marker and the line behind it.
WEFT_INLINE void ssh_stream::take_bytes() {
    for (;;) {
        if (ready_ && markers_.empty()) {
            output_.clear();  // nobody asked
            given_ = searched_ = 0;
            return;
        }
        const std::string& marker = ready_ ? markers_.front() : marker_;
        if (found_ == output_.npos && searched_ < output_.size()) {
            const void* at = ::memmem(output_.data() + searched_, output_.size() - searched_, marker.data(),
                                      marker.size());
            if (at != nullptr)
                found_ = static_cast<std::size_t>(static_cast<const char*>(at) - output_.data());
            searched_ = std::max(searched_, output_.size() - std::min(output_.size(), marker.size() - 1));
        }
        if (!ready_) {
            const auto end = found_ == output_.npos ? output_.npos : output_.find('\n', found_);
            if (end == output_.npos) {
                output_.erase(0, std::min(searched_, found_));
                found_ = found_ == output_.npos ? found_ : 0;
                searched_ = 0;
                return;
            }
            output_.erase(0, end + 1);
            ready_ = true;
            activity_ = true;
        } else {
            if (!flush(*jobs_.front()) || found_ == output_.npos) return;
            const auto end = output_.find('\n', found_);
            if (end == output_.npos) return;
            const std::size_t start = found_ + marker.size() + 1;
            std::string said = start < end ? output_.substr(start, end - start) : std::string();
            output_.erase(0, end + 1);
            finish(std::move(said));
        }
        given_ = searched_ = 0;
        found_ = output_.npos;
    }
}

/// Writes what is known to be the front job's; false while some of it must wait.
WEFT_INLINE bool ssh_stream::flush(transfer& job) {
    const std::size_t until = std::min(found_, searched_);
    while (given_ < until) {
        if (job.way == transfer::direction::to_host) {
            given_ = until;  // noise
            break;
        }
        const ssize_t written = ::write(job.data.get(), output_.data() + given_, until - given_);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) return false;
        if (written < 0) {
            broken_ = true;
            messages_ += "\nnobody takes what it sends\n";
            return false;
        }
        given_ += static_cast<std::size_t>(written);
    }
    if (found_ == output_.npos) {
        output_.erase(0, given_);
        searched_ -= given_;
        given_ = 0;
    }
    return true;
}

WEFT_INLINE void ssh_stream::finish(std::string verdict) {
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    markers_.pop_front();
    --sent_;
    // A host that answers before it has all that it was promised is still owed it.
    if (fed_ != 0)
        --fed_;
    else
        broken_ = true;
    job->data.reset();
    job->done(std::move(verdict));
    activity_ = true;  // there may be one that waits for this channel
}

WEFT_INLINE int ssh_stream::input_to_watch() const {
    if (!ready_ || fed_ >= jobs_.size()) return -1;
    const transfer& job = *jobs_[fed_];
    const bool wants = job.way == transfer::direction::to_host && job.data && !job.read_all &&
                       channel_.unsent() < detail::stream_buffer;
    return wants ? job.data.get() : -1;
}

WEFT_INLINE int ssh_stream::output_to_watch() const {
    if (!ready_ || jobs_.empty() || jobs_.front()->way == transfer::direction::to_host) return -1;
    return given_ < std::min(found_, searched_) ? jobs_.front()->data.get() : -1;
}

}  // namespace weft::backend
