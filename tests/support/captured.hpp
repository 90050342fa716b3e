// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace support {

/// Captures in memory what is written to `descriptor()` or, with a number, to that descriptor (1: stdout,
/// 2: stderr), which is restored at the end.
class captured {
public:
    captured() : memory_(::memfd_create("captured", MFD_CLOEXEC)) {
        if (memory_ < 0) throw std::runtime_error("no memory to capture to");
    }
    explicit captured(int which) : captured() {
        std::fflush(nullptr);
        which_ = which;
        before_ = ::dup(which);
        ::dup2(memory_, which);
    }
    captured(const captured&) = delete;
    captured& operator=(const captured&) = delete;
    ~captured() {
        restore();
        ::close(memory_);
    }

    int descriptor() const { return memory_; }

    /// Restores the captured descriptor and returns all text so far.
    std::string text() {
        restore();
        std::string all;
        char part[4096];
        for (ssize_t got = 0;
             (got = ::pread(memory_, part, sizeof part, static_cast<off_t>(all.size()))) > 0;)
            all.append(part, static_cast<std::size_t>(got));
        return all;
    }

private:
    void restore() {
        if (before_ < 0) return;
        std::fflush(nullptr);
        ::dup2(before_, which_);
        ::close(before_);
        before_ = -1;
    }

    int memory_;
    int which_ = -1;
    int before_ = -1;
};

}  // namespace support
