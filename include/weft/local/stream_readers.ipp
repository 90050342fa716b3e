// SPDX-License-Identifier: MIT
#pragma once

#include <weft/local/stream_readers.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <system_error>
#include <utility>

namespace weft::local {

WEFT_INLINE stream_readers::stream_readers(const os::descriptor& output, const os::descriptor& error,
                                           const std::string& run)
    : stream_readers() {
    os::process_start start;
    start.arguments = {"cat"};
    start.environment = os::environment_with({{"WEFT_RUN", run}});
    start.own_session = true;
    start.error = error.get();
    readers_.reserve(2);
    for (const auto& [file, end] : {std::pair(&output, &output_), std::pair(&error, &error_)}) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "cannot make a pipe for a task's output");
        const os::descriptor source(ends[0]);
        end->reset(ends[1]);
        start.input = source.get();
        start.output = file->get();
        readers_.emplace_back(start);
    }
}

WEFT_INLINE stream_readers::~stream_readers() {
    for (const os::process& reader : readers_) ::kill(-reader.id(), SIGKILL);
    try {
        reap();
    } catch (const std::exception&) {
        // The surrounding program waits for all its children and has collected these already.
    }
}

WEFT_INLINE void stream_readers::release() {
    output_.reset();
    error_.reset();
}

WEFT_INLINE bool stream_readers::wait() const {
    const auto deadline = std::chrono::steady_clock::now() + reader_grace;
    return std::all_of(readers_.begin(), readers_.end(),
                       [&](const os::process& reader) { return reader.wait_until(deadline); });
}

WEFT_INLINE bool stream_readers::reap() {
    bool well = true;
    for (os::process& reader : readers_) {
        const os::process_end end = reader.reap();
        well = well && !end.signalled && end.code == 0;
    }
    readers_.clear();
    return well;
}

}  // namespace weft::local
