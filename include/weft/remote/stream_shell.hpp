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

/// A channel with a POSIX sh that performs one transfer after another, so that the login shell starts only
/// once and the end of a transfer does not close the channel. Transfers to the host are pipelined: the next
/// one is sent before the host has replied to the previous one. Used on the connection's thread only.
class stream_shell {
public:
    stream_shell(ssh_session_struct* session, const std::string& temporary, bool& activity);

    /// Does what is possible without waiting; false when the channel has ended, see `unfinished`.
    bool advance();

    /// Whether the shell has started.
    bool ready() const { return ready_; }
    bool idle() const { return ready_ && jobs_.empty(); }
    /// Whether another transfer to the host can be sent at once, behind the current ones.
    bool takes_more() const;
    bool receives() const { return !jobs_.empty() && jobs_.back()->way == file_stream::direction::from_host; }
    std::size_t jobs() const { return jobs_.size(); }
    void take(std::unique_ptr<file_stream> job);

    /// The transfers without a result; data of the first `started()` of them was moved.
    std::deque<std::unique_ptr<file_stream>> unfinished() { return std::move(jobs_); }
    std::size_t started() const { return sent_; }

    /// Ends the channel when the host owes it data or a reply and has been silent for `limit`; `trouble` says
    /// so.
    void give_up_after(std::chrono::milliseconds limit);
    /// How long the host has been silent while it owes something.
    std::chrono::steady_clock::duration silence() const;
    /// The process id of the shell.
    const std::string& shell() const { return shell_; }
    /// Restarts the silence: the shell is known to be active.
    void note_work() { heard_ = std::chrono::steady_clock::now(); }
    bool gave_up() const { return gave_up_; }

    /// Why the channel ended.
    std::string trouble() const;
    /// Whether the shell or the connection ended, rather than this end of a stream.
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
    void finish(std::string result);

    ssh::channel channel_;
    bool ready_ = false;
    std::string marker_;               ///< precedes the shell's greeting
    std::deque<std::string> markers_;  ///< precede the results of jobs_[0 .. sent_)
    std::deque<std::unique_ptr<file_stream>> jobs_;
    std::size_t sent_ = 0;    ///< jobs whose command was sent
    std::size_t fed_ = 0;     ///< jobs whose data was sent completely
    std::uint64_t owed_ = 0;  ///< bytes that were announced to the host and not sent yet
    std::uint64_t left_ = 0;  ///< bytes of the file that were not announced yet
    std::string output_;      ///< received and not processed yet
    bool broken_ = false;     ///< the shell waits for missing data, or its output has no reader
    bool gave_up_ = false;
    std::string shell_;
    std::uint64_t moved_ = 0;
    std::chrono::steady_clock::time_point heard_ = std::chrono::steady_clock::now();
    std::string messages_;
    bool& activity_;
};

}  // namespace weft::remote
