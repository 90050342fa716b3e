// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/local_transfer.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/os/sha256.hpp>
#include <weft/run/backend.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace weft::backend {

namespace detail {

/// What is read at a time: as much as the socket between the two ends takes well.
inline constexpr std::size_t transfer_chunk = 256 * 1024;

[[noreturn]] WEFT_INLINE void fail_transfer(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Reads some bytes; 0 at the end.
WEFT_INLINE std::size_t read_some(const os::descriptor& from, char* into, std::size_t size,
                                  const std::string& what) {
    for (;;) {
        const ssize_t got = ::read(from.get(), into, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) fail_transfer(what);
    }
}

/// A reader that has gone is an error here, no signal.
WEFT_INLINE void send_all(const os::descriptor& sink, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(sink.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) fail_transfer("the stream was cut");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace detail

WEFT_INLINE std::optional<sendable> open_to_send(const std::string& directory, const std::string& path) {
    sendable result;
    os::descriptor at(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::string_view rest = path; at;) {
        const std::string component(rest.substr(0, rest.find('/')));
        const bool last = component.size() == rest.size();
        // A fifo would wait for its writer.
        const int how = last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
        at.reset(::openat(at.get(), component.c_str(), how | O_NOFOLLOW | O_CLOEXEC));
        if (last) break;
        rest.remove_prefix(component.size() + 1);
    }
    struct stat status {};
    if (!at || ::fstat(at.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    result.file = std::move(at);
    result.header.file = true;
    result.header.size = static_cast<std::uint64_t>(status.st_size);
    result.header.mode = status.st_mode & 0777u;
    result.header.modified = status.st_mtim.tv_sec;
    result.header.path = path;
    if (!parse_header(text_of(result.header))) return {};
    return result;
}

WEFT_INLINE std::string send_file(const sendable& what, const os::descriptor& sink) {
    const auto look = [&what] {
        struct stat status {};
        if (::fstat(what.file.get(), &status) != 0) detail::fail_transfer("'" + what.header.path + "'");
        return status;
    };
    const struct stat before = look();
    detail::send_all(sink, text_of(what.header) + '\n');
    os::sha256 sum;
    std::vector<char> buffer(std::min<std::uint64_t>(detail::transfer_chunk, what.header.size + 1));
    for (;;) {
        const std::size_t got = detail::read_some(what.file, buffer.data(), buffer.size(),
                                                  "'" + what.header.path + "' cannot be read");
        if (got == 0) break;
        const std::string_view bytes(buffer.data(), got);
        detail::send_all(sink, bytes);
        sum.add(bytes);  // while the other end is busy with them
    }
    const struct stat after = look();
    if (before.st_size != after.st_size || before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
        before.st_mtim.tv_nsec != after.st_mtim.tv_nsec)
        throw std::runtime_error("'" + what.header.path + "' changed as it was read");
    return sum.hex();
}

WEFT_INLINE std::string read_header_line(const os::descriptor& source) {
    std::string line;
    for (char some[1024]; line.size() <= longest_header;) {
        // Looked at first, then taken as far as the line goes.
        ssize_t seen = ::recv(source.get(), some, sizeof some, MSG_PEEK);
        if (seen < 0 && errno == EINTR) continue;
        if (seen <= 0) throw std::runtime_error("the transfer ended without a word");
        const std::string_view bytes(some, static_cast<std::size_t>(seen));
        const auto end = bytes.find('\n');
        const std::size_t take = end == bytes.npos ? bytes.size() : end + 1;
        line += bytes.substr(0, std::min(end, bytes.size()));
        seen = ::recv(source.get(), some, take, 0);
        if (seen < 0) detail::fail_transfer("the stream");
        if (end != bytes.npos) return line;
    }
    throw std::runtime_error("what arrives is no stream of files");
}

WEFT_INLINE std::string receive_file(const std::string& directory, const stream_header& header,
                                     const os::descriptor& source) {
    os::make_private_directory(directory);
    try {
        const std::string path = directory + '/' + header.path;
        const std::string parent = std::filesystem::path(path).parent_path().string();
        if (parent != directory) os::make_private_directory(parent);
        const os::descriptor file = os::create_private_file(path);
        os::sha256 sum;
        std::uint64_t size = 0;
        std::vector<char> buffer(std::min<std::uint64_t>(detail::transfer_chunk, header.size + 1));
        for (;;) {
            const std::size_t got = detail::read_some(source, buffer.data(), buffer.size(), "the stream");
            if (got == 0) break;
            const std::string_view bytes(buffer.data(), got);
            sum.add(bytes);
            os::write_all(file, bytes);
            size += got;
        }
        if (size != header.size) throw std::runtime_error("the stream was cut");
        if (::fchmod(file.get(), header.mode) != 0) detail::fail_transfer("chmod " + path);
        const struct timespec times[2] = {{header.modified, 0}, {header.modified, 0}};
        ::futimens(file.get(), times);
        return sum.hex();
    } catch (...) {
        os::remove_tree(directory);
        throw;
    }
}

WEFT_INLINE os::async<engine::digest> transfer_on_thread(os::reactor& loop,
                                                         std::function<std::string()> work) {
    os::completion<bool> ended;
    engine::digest result;
    std::string trouble;
    std::thread thread;
    try {
        thread = std::thread([&] {
            try {
                result.sha256 = work();
            } catch (const std::exception& error) {
                trouble = error.what();
            }
            loop.post([&ended] { ended.set(true); });
        });
    } catch (const std::system_error& error) {
        trouble = std::string("cannot start a thread: ") + error.what();
    }
    if (thread.joinable()) {
        co_await ended;
        thread.join();
    }
    if (!trouble.empty()) throw engine::place_error(trouble);
    co_return result;
}

}  // namespace weft::backend
