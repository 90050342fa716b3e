// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/remote/file_stream.hpp>
#include <weft/ssh/channel.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace weft::remote {

/// A channel with a POSIX sh that carries out one transfer after another, so that a login shell's start is
/// paid once, and the end of a transfer needs no end of the channel. The next transfer to the host is on its
/// way before the host has answered to the one before. Belongs to the connection's thread.
class stream_shell {
public:
    stream_shell(ssh_session_struct* session, const std::string& temporary, bool& activity);

    /// Does what can be done now; false when the channel has ended: `unfinished` are left then.
    bool advance();

    /// The shell is there.
    bool ready() const { return ready_; }
    bool idle() const { return ready_ && jobs_.empty(); }
    /// Whether one more to the host would be on its way at once, behind others.
    bool takes_more() const;
    bool receives() const { return !jobs_.empty() && jobs_.back()->way == file_stream::direction::from_host; }
    std::size_t jobs() const { return jobs_.size(); }
    void take(std::unique_ptr<file_stream> job);

    /// Those that have not ended; of the first `started()` something was moved already.
    std::deque<std::unique_ptr<file_stream>> unfinished() { return std::move(jobs_); }
    std::size_t started() const { return sent_; }

    /// The host owes this channel something and has not moved since `limit` ago: it will end, and `trouble`
    /// says so.
    void give_up_after(std::chrono::milliseconds limit);
    /// How long it has not moved though it should.
    std::chrono::steady_clock::duration silence() const;
    /// The process of its shell, and that it works.
    const std::string& shell() const { return shell_; }
    void note_work() { heard_ = std::chrono::steady_clock::now(); }
    bool gave_up() const { return gave_up_; }

    /// Why it ended.
    std::string trouble() const;
    /// Its shell or its connection ended, and not this end of a stream.
    bool cut() const { return !broken_; }

private:
    void begin(file_stream& job);
    void send(std::string_view command);
    bool feed();
    bool feed_some(file_stream& job);
    void fill_up(file_stream& job);
    void take_output(std::string_view bytes);
    std::size_t take_bytes(std::string_view bytes);
    bool blocked() const;
    bool is_owed() const;
    void finish(std::string verdict);

    ssh::channel channel_;
    bool ready_ = false;
    std::string marker_;  ///< what the front job's verdict begins with; before the first, the greeting
    std::deque<std::string> markers_;  ///< of jobs_[0 .. sent_)
    std::deque<std::unique_ptr<file_stream>> jobs_;
    std::size_t sent_ = 0;    ///< jobs whose command was sent
    std::size_t fed_ = 0;     ///< jobs that need nothing more from here
    std::uint64_t owed_ = 0;  ///< bytes that were announced to the host and not yet sent
    std::uint64_t left_ = 0;  ///< bytes of the file not yet announced
    std::string output_;      ///< arrived, and not taken yet
    bool broken_ = false;     ///< the shell waits for what never comes, or nobody takes what it sends
    bool gave_up_ = false;
    std::string shell_;
    std::uint64_t moved_ = 0;
    std::chrono::steady_clock::time_point heard_ = std::chrono::steady_clock::now();
    std::string messages_;
    bool& activity_;
};

}  // namespace weft::remote
