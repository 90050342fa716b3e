// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/process.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace weft::local {

// Why tasks may write to pipes, and who reads them: see engine/named_streams.hpp.

/// The time that readers have after the end of the task and its group.
inline constexpr std::chrono::milliseconds reader_grace{500};

/// The processes that copy the output pipes of one task into its files.
class stream_readers {
public:
    /// Starts them, marked as processes of `run`. Throws `std::system_error`.
    stream_readers(const os::descriptor& output, const os::descriptor& error, const std::string& run);
    stream_readers(stream_readers&&) = default;
    stream_readers& operator=(stream_readers&&) = delete;
    /// Kills the readers that are still running.
    ~stream_readers();

    int output() const { return output_.get(); }  ///< the pipe's write end for stdout
    int error() const { return error_.get(); }    ///< and for stderr
    /// Closes the write ends here, once the task has inherited them.
    void release();

    /// Waits for at most `reader_grace`; false when a reader is still running.
    bool wait() const;
    /// Collects the ended readers; false when one of them could not write everything.
    bool reap();

private:
    stream_readers() = default;

    std::vector<os::process> readers_;
    os::descriptor output_;
    os::descriptor error_;
};

}  // namespace weft::local
