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

/// How much is kept for a channel that takes no more, and of what came from a host for a reader here that is
/// slower.
inline constexpr std::size_t stream_buffer = 256 * 1024;
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
    return std::to_string(size / transfer::stream_block) + ' ' + std::to_string(transfer::stream_block) +
           '\n';
}

/// How many bytes at the end of `text` may be the beginning of `word`.
WEFT_INLINE std::size_t begun_at_end(std::string_view text, std::string_view word) {
    std::size_t count = std::min(text.size(), word.size() - 1);
    while (!text.ends_with(word.substr(0, count))) --count;
    return count;
}

/// Where `word` is in `text`, or may be when more of it comes. (`memmem` is several times faster than
/// `find`.)
WEFT_INLINE std::pair<std::size_t, bool> place_of(std::string_view word, std::string_view text) {
    const void* const at = ::memmem(text.data(), text.size(), word.data(), word.size());
    if (at == nullptr) return {text.size() - begun_at_end(text, word), false};
    return {static_cast<std::size_t>(static_cast<const char*>(at) - text.data()), true};
}

}  // namespace detail

/// The shell waits for one line, which defines what it needs and makes it wait for more; `read` takes not a
/// byte more of its stdin. A line that begins with % is escaped.
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

/// Whether it is the host's turn.
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
    // No event tells of what libssh holds already, or of room that was just made.
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

/// Sends a job's command.
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

/// Moves what the jobs have for the host to its channel, one job after another; false when there was nothing.
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
        activity_ = true;  // there is room for one more behind it
    }
    return channel_.unsent() != before;
}

/// True when it is not all of it.
WEFT_INLINE bool stream_shell::feed_some(file_stream& job) {
    const bool file = job.header->file;
    while (!file || owed_ != 0 || left_ != 0) {
        const auto some = job.next(file || owed_ != 0 ? 1 : detail::archive_piece);
        if (!some) return true;
        if (owed_ == 0) {
            const std::uint64_t size = file ? std::min(left_, detail::file_piece) : some->size();
            if (size == 0) break;
            // A small one is a single piece, for a single `dd`; else whole blocks first, then what is left.
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
        // What is little goes together with what stands around it; the rest from where it is.
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

/// The stream was cut: the host gets what it still waits for, a piece of an archive or a small file, and is
/// told. A file that can be gone on with ends its channel instead.
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

/// Gives on what comes before the next marker, and ends the transfer with the line behind it, again and again
/// as far as that is possible now: returns how many bytes were taken.
WEFT_INLINE std::size_t stream_shell::take_bytes(std::string_view bytes) {
    std::size_t taken = 0;
    for (;;) {
        if (ready_ && markers_.empty()) return bytes.size();  // nobody asked
        const std::string& marker = ready_ ? markers_.front() : marker_;
        const bool gives = ready_ && jobs_.front()->way == file_stream::direction::from_host;
        const std::span<char> room = gives ? jobs_.front()->sink.room() : std::span<char>();
        std::string_view rest = bytes.substr(taken);
        if (gives) rest = rest.substr(0, room.size() + marker.size());
        const auto [at, is_there] = detail::place_of(marker, rest);
        const std::size_t count = gives ? std::min(at, room.size()) : at;  // else it is noise
        if (gives && count != 0) {
            rest.copy(room.data(), count);
            jobs_.front()->sink.wrote(count);
        }
        taken += count;
        if (!is_there || count < at) {
            if (count != 0) continue;
            if (at != 0 && jobs_.front()->sink.abandoned()) {
                broken_ = true;
                messages_ += "\nnobody takes what it sends\n";
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

WEFT_INLINE void stream_shell::finish(std::string verdict) {
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    markers_.pop_front();
    --sent_;
    // A host that answers before it has all that it was promised is still owed it.
    if (fed_ != 0)
        --fed_;
    else
        broken_ = true;
    job->close();
    job->done({std::move(verdict)});
    activity_ = true;  // there may be one that waits for this channel
}

}  // namespace weft::remote
