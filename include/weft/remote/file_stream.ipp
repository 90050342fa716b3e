// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/scratch_files.hpp>
#include <weft/remote/file_stream.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace weft::remote {

// `complete` is read before the bytes: the last of them may arrive in between.

WEFT_INLINE void file_stream::listen() {
    while (!begun()) {
        const bool all = complete();
        const std::string_view bytes = source.bytes();
        if (const auto end = bytes.find('\n'); end != bytes.npos) {
            header = transfer::parse_header(bytes.substr(0, end));
            source.used(end + 1);
            headless = !header;
        } else {
            headless = all || bytes.size() > transfer::longest_header;
        }
        if (headless) source.close();
        if (!complete()) return;
    }
}

WEFT_INLINE std::optional<std::string_view> file_stream::next(std::size_t least) {
    for (;;) {
        const bool all = complete();
        if (aside_read_ < aside_size_ || least > 1)
            collect(std::max<std::size_t>(least, transfer::stream_block));
        std::string_view some = collected();
        if (some.empty() && source) some = source.bytes();
        if (some.size() >= least || all) return some;
        if (!complete()) return {};
    }
}

WEFT_INLINE void file_stream::used(std::size_t count) {
    if (collected().empty())
        source.used(count);
    else
        collected_used_ += count;
}

/// Appends arrived bytes to the collected ones, up to `enough` in total.
WEFT_INLINE void file_stream::collect(std::size_t enough) {
    collected_.erase(0, collected_used_);
    collected_used_ = 0;
    while (collected_.size() < enough) {
        const std::size_t before = collected_.size();
        if (aside_read_ < aside_size_) {
            collected_.resize(before + std::min<std::uint64_t>(enough - before, aside_size_ - aside_read_));
            const ssize_t got = ::pread(aside_.get(), collected_.data() + before, collected_.size() - before,
                                        static_cast<off_t>(aside_read_));
            collected_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            if (got > 0) aside_read_ += static_cast<std::uint64_t>(got);
            if (got > 0 || (got < 0 && errno == EINTR)) continue;
            aside_size_ = aside_read_;  // read error of the temporary file: end the stream
            source.close();
        }
        const std::string_view some = source ? source.bytes().substr(0, enough - before) : std::string_view();
        if (some.empty()) return;
        collected_ += some;
        source.used(some.size());
    }
}

WEFT_INLINE void file_stream::set_aside(const std::string& temporary) {
    if (!aside_) aside_ = os::unnamed_file(temporary);
    while (source) {
        const std::string_view some = source.bytes();
        if (some.empty() && !source.ended()) return;
        os::write_all(aside_, some);
        aside_size_ += some.size();
        source.used(some.size());
        if (some.empty()) source.close();
    }
}

WEFT_INLINE void file_stream::close() {
    source.close();
    sink.close();
}

}  // namespace weft::remote
