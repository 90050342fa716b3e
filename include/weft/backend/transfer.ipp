// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/transfer.hpp>
#include <weft/os/scratch_files.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace weft::backend {

WEFT_INLINE void transfer::read_ahead(std::size_t enough) {
    while (!read_all && read.size() < enough) {
        const std::size_t before = read.size();
        const std::size_t most = std::min(enough - before, detail::stream_buffer);
        read.resize(before + most);
        char* const into = read.data() + before;
        const bool is_aside = aside_read < aside_size;
        const ssize_t got = is_aside ? ::pread(aside.get(), into, most, static_cast<off_t>(aside_read))
                                     : ::read(data.get(), into, most);
        read.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) break;
        if (got <= 0) read_all = true;
        if (is_aside && got > 0) aside_read += static_cast<std::uint64_t>(got);
    }
    if (header || way == direction::from_host) return;
    if (const auto end = read.find('\n'); end != read.npos) {
        header = parse_header(std::string_view(read).substr(0, end));
        read.erase(0, end + 1);
        if (!header) read_all = true;
    } else if (read.size() > longest_header) {
        read_all = true;
    }
    if (read_all) data.reset();
}

WEFT_INLINE void transfer::set_aside() {
    if (!aside) aside = os::unnamed_file();
    std::array<char, 64 * 1024> some;
    while (data) {
        const ssize_t got = ::read(data.get(), some.data(), some.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return data.reset();  // what is read of nothing is its end
        os::write_all(aside, {some.data(), static_cast<std::size_t>(got)});
        aside_size += static_cast<std::uint64_t>(got);
    }
}

}  // namespace weft::backend
