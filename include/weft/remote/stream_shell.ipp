// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/connection.hpp>
#include <weft/remote/stream_shell.hpp>
#include <weft/text/shell_quote.hpp>
#include <weft/transfer/archive_script.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace weft::remote {

namespace detail {

/// Buffer limit for a channel that accepts no more data, and for output of a host whose reader here is
/// slower.
inline constexpr std::size_t stream_buffer = 256 * 1024;
/// Up to this size a file is sent as a single piece.
inline constexpr std::uint64_t small_file = 4u << 20;
/// A larger file is announced in pieces of this size, each copied by one `dd` on the host.
inline constexpr std::uint64_t file_piece = 64u << 20;
/// An archive's size is unknown until its end: this much is collected for each `dd`.
inline constexpr std::size_t archive_piece = 4u << 20;
/// Limit of pipelined transfers to a host.
inline constexpr std::size_t most_in_line = 16;
/// Announces a piece of whole blocks.
WEFT_INLINE std::string announced(std::uint64_t size) {
    return std::to_string(size / transfer::stream_block) + ' ' + std::to_string(transfer::stream_block) +
           '\n';
}

/// The length of the longest suffix of `text` that is a proper prefix of `word`.
WEFT_INLINE std::size_t begun_at_end(std::string_view text, std::string_view word) {
    std::size_t count = std::min(text.size(), word.size() - 1);
    while (!text.ends_with(word.substr(0, count))) --count;
    return count;
}

/// The position of `word` in `text`, and true; or the position from which it may still be completed, and
/// false. (`memmem` is several times faster than `find`.)
WEFT_INLINE std::pair<std::size_t, bool> place_of(std::string_view word, std::string_view text) {
    const void* const found = ::memmem(text.data(), text.size(), word.data(), word.size());
    if (found == nullptr) return {text.size() - begun_at_end(text, word), false};
    return {static_cast<std::size_t>(static_cast<const char*>(found) - text.data()), true};
}

}  // namespace detail

/// The shell first reads one line that defines the functions and the loop for further lines; `read` consumes
/// no byte after a line. Lines that start with % are escaped.
WEFT_INLINE stream_shell::stream_shell(ssh_session_struct* session, const std::string& temporary,
                                       bool& activity)
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
    const std::string first = "TMPDIR=" + text::quote(temporary) + "\nexport TMPDIR\n" +
                              transfer::transfer_functions() + "printf '%s\\n' '" + marker_ +
                              "'\" $$\"\nwhile IFS= read -r weft_line; do\n"
                              "case $weft_line in %*) weft_line=$(printf %b \"${weft_line#%}\") ;; esac\n"
                              "eval \"$weft_line\"\ndone\n";
    channel_.write(transfer::escape_line(first) + '\n');
}

WEFT_INLINE void stream_shell::send(std::string_view command) {
    if (command.find('\n') == command.npos)
        channel_.write(std::string(command) + '\n');
    else
        channel_.write('%' + transfer::escape_line(command) + '\n');
}

WEFT_INLINE bool stream_shell::takes_more() const {
    return ready_ && !receives() && fed_ == jobs_.size() && jobs_.size() < detail::most_in_line;
}

WEFT_INLINE void stream_shell::take(std::unique_ptr<file_stream> job) {
    jobs_.push_back(std::move(job));
}

/// Whether the host owes this channel data or a reply.
WEFT_INLINE bool stream_shell::is_owed() const {
    if (!ready_) return true;
    if (jobs_.empty()) return false;
    if (jobs_.front()->way == file_stream::direction::from_host) return !jobs_.front()->sink.room().empty();
    return fed_ != 0 || channel_.unsent() != 0;
}

WEFT_INLINE std::chrono::steady_clock::duration stream_shell::silence() const {
    return std::chrono::steady_clock::now() - heard_;
}

WEFT_INLINE void stream_shell::give_up_after(std::chrono::milliseconds limit) {
    if (broken_ || silence() < limit) return;
    broken_ = gave_up_ = true;
    const std::string time = std::to_string((limit.count() + 999) / 1000) + " s";
    messages_ += "\nno answer within " + time;
    if (!ready_) {
        messages_ += " of its login shell on a channel for files";
    } else {
        const file_stream& job = *jobs_.front();
        const bool from_host = job.way == file_stream::direction::from_host;
        const std::string& path = from_host ? job.paths.front() : job.header ? job.header->path : "";
        messages_ += from_host ? " when asked to send " : " when asked to take ";
        messages_ += path.empty() ? "files" : '\'' + path + '\'';
        messages_ += (from_host ? " of " : " into ") + job.directory;
    }
    messages_ += ": a tool or a file system there may hang\n";
}

WEFT_INLINE bool stream_shell::advance() {
    const bool more = feed();
    if (!channel_.advance()) return false;
    const std::uint64_t moved = channel_.moved();
    if (moved != std::exchange(moved_, moved) || !is_owed()) note_work();
    const bool held_back = blocked();
    if (!output_.empty()) output_.erase(0, take_bytes(output_));
    // libssh reports no event for data that it has buffered, nor for room that was made by reading.
    if (more || (held_back && !blocked())) activity_ = true;
    return !broken_;
}

WEFT_INLINE std::string stream_shell::trouble() const {
    if (channel_.failed()) return channel_.error();
    const auto end = messages_.find_last_not_of('\n');
    if (end == messages_.npos) return "its shell ended";
    const auto before = messages_.rfind('\n', end);
    const auto start = before == messages_.npos ? 0 : before + 1;
    return messages_.substr(start, end + 1 - start);
}

/// Sends the command of a job.
WEFT_INLINE void stream_shell::begin(file_stream& job) {
    const std::string marker = random_marker();
    if (job.way == file_stream::direction::from_host) {
        send(transfer::send_command(marker, job.directory, job.paths, job.there, job.pax));
    } else if (job.header) {
        left_ = job.header->file ? job.header->size - job.header->offset : 0;
        send(transfer::receive_command(marker, job.directory, *job.header));
    } else {
        send("printf '%s error no data arrived: the sender ended before the first byte\\n' " + marker);
    }
    markers_.push_back(marker);
    ++sent_;
}

/// Sends the data of the jobs, one after another; false when there was nothing to send.
WEFT_INLINE bool stream_shell::feed() {
    const std::size_t before = channel_.unsent();
    while (ready_ && fed_ < jobs_.size() && channel_.unsent() < detail::stream_buffer) {
        file_stream& job = *jobs_[fed_];
        if (sent_ == fed_) begin(job);
        if (job.way == file_stream::direction::to_host) {
            if (job.header && feed_some(job)) break;
            job.source.close();
        }
        ++fed_;
        activity_ = true;  // another transfer may follow
    }
    return channel_.unsent() != before;
}

/// Returns true when more data must follow later.
WEFT_INLINE bool stream_shell::feed_some(file_stream& job) {
    const bool file = job.header->file;
    while (!file || owed_ != 0 || left_ != 0) {
        const auto some = job.next(file || owed_ != 0 ? 1 : detail::archive_piece);
        if (!some) return true;
        if (owed_ == 0) {
            const std::uint64_t size = file ? std::min(left_, detail::file_piece) : some->size();
            if (size == 0) break;
            // A small piece is sent as one block for a single `dd`; otherwise whole blocks first, then the
            // rest.
            const bool whole = size <= (file ? detail::small_file : transfer::stream_block);
            owed_ = whole ? size : size / transfer::stream_block * transfer::stream_block;
            channel_.write(whole ? "1 " + std::to_string(size) + '\n' : detail::announced(owed_));
            if (file) left_ -= owed_;
        }
        if (some->empty()) {
            fill_up(job);
            return false;
        }
        const std::string_view part = some->substr(0, std::min<std::uint64_t>(owed_, some->size()));
        // Small data is copied into the channel's queue, so that it is sent together; large data is not
        // copied.
        const bool little = owed_ <= detail::stream_buffer;
        const std::size_t gone = little ? part.size() : channel_.send(part);
        if (little) channel_.write(part);
        job.used(gone);
        owed_ -= gone;
        if (gone < part.size() || channel_.unsent() >= detail::stream_buffer) return true;
    }
    channel_.write("0 0\n");
    return false;
}

/// The stream was cut: fills up the piece of an archive or of a small file that the host still waits for, and
/// reports the cut. For a file that can be continued, ends the channel instead.
WEFT_INLINE void stream_shell::fill_up(file_stream& job) {
    if (job.header->file && job.header->size > transfer::least_to_continue) {
        broken_ = true;
        messages_ += "\nthe stream was cut\n";
        return;
    }
    channel_.write(std::string(static_cast<std::size_t>(owed_), '\0') + "- 0\n");
    owed_ = 0;
    left_ = 0;
}

WEFT_INLINE bool stream_shell::blocked() const {
    return output_.size() > detail::stream_buffer;
}

WEFT_INLINE void stream_shell::take_output(std::string_view bytes) {
    if (output_.empty()) {
        output_ = bytes.substr(take_bytes(bytes));
    } else {
        output_ += bytes;
        output_.erase(0, take_bytes(output_));
    }
}

/// Passes on the bytes before the next marker and finishes the transfer with the result line after it, as
/// often as possible; returns the number of bytes consumed.
WEFT_INLINE std::size_t stream_shell::take_bytes(std::string_view bytes) {
    std::size_t taken = 0;
    for (;;) {
        if (ready_ && markers_.empty()) return bytes.size();  // output without a request
        const std::string& marker = ready_ ? markers_.front() : marker_;
        const bool sends = ready_ && jobs_.front()->way == file_stream::direction::from_host;
        const std::span<char> room = sends ? jobs_.front()->sink.room() : std::span<char>();
        std::string_view rest = bytes.substr(taken);
        if (sends) rest = rest.substr(0, room.size() + marker.size());
        const auto [position, complete] = detail::place_of(marker, rest);
        const std::size_t count = sends ? std::min(position, room.size()) : position;  // noise otherwise
        if (sends && count != 0) {
            rest.copy(room.data(), count);
            jobs_.front()->sink.wrote(count);
        }
        taken += count;
        if (!complete || count < position) {
            if (count != 0) continue;
            if (position != 0 && jobs_.front()->sink.abandoned()) {
                broken_ = true;
                messages_ += "\nthe reader of its output has gone\n";
            }
            return taken;
        }
        const auto end = bytes.find('\n', taken);
        if (end == bytes.npos) return taken;
        if (!ready_) {
            shell_ = bytes.substr(taken + marker.size(), end - taken - marker.size());
            shell_.erase(0, shell_.find_first_not_of(' '));
        } else {
            const std::size_t start = std::min(taken + marker.size() + 1, end);
            finish(std::string(bytes.substr(start, end - start)));
        }
        activity_ = ready_ = true;
        taken = end + 1;
    }
}

WEFT_INLINE void stream_shell::finish(std::string result) {
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    markers_.pop_front();
    --sent_;
    // A host that replies before it has received all announced data still waits for the rest.
    if (fed_ != 0)
        --fed_;
    else
        broken_ = true;
    job->close();
    job->done({std::move(result)});
    activity_ = true;  // a stream may be waiting for this channel
}

}  // namespace weft::remote
