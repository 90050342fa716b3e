// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/process.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace weft::local {

// See engine/named_streams.hpp.

/// How long readers may take once the task and its group have ended.
inline constexpr std::chrono::milliseconds reader_grace{500};

/// The readers of one task of this machine.
class stream_readers {
public:
    /// Starts them, marked as processes of `run`. Throws `std::system_error`.
    stream_readers(const os::descriptor& output, const os::descriptor& error, const std::string& run);
    stream_readers(stream_readers&&) = default;
    stream_readers& operator=(stream_readers&&) = delete;
    /// Ends those that are still there.
    ~stream_readers();

    int output() const { return output_.get(); }  ///< to write to, as `error`
    int error() const { return error_.get(); }
    /// The task has its own descriptors.
    void release();

    /// Waits, at most `reader_grace`; false when one has not ended.
    bool wait() const;
    /// Frees those that have ended; false when one could not write all.
    bool reap();

private:
    stream_readers() = default;

    std::vector<os::process> readers_;
    os::descriptor output_;
    os::descriptor error_;
};

}  // namespace weft::local
