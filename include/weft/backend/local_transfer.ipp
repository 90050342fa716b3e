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
#include <limits>
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

inline constexpr std::uint64_t to_the_end = std::numeric_limits<std::uint64_t>::max();

/// For a file of so many bytes: a small one needs no large one.
WEFT_INLINE std::vector<char> buffer_for(std::uint64_t size) {
    return std::vector<char>(size < transfer_chunk ? static_cast<std::size_t>(size) + 1 : transfer_chunk);
}

/// Reads up to `most` bytes, as far as there are any, and gives them to `take` as they come.
template <class Take>
void each_part(const os::descriptor& from, std::uint64_t most, std::vector<char>& buffer,
               const std::string& trouble, const Take& take) {
    while (most != 0) {
        const ssize_t got = ::read(from.get(), buffer.data(), std::min<std::uint64_t>(buffer.size(), most));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_transfer(trouble);
        if (got == 0) return;
        take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
        most -= static_cast<std::uint64_t>(got);
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

WEFT_INLINE os::descriptor file_to_receive(const std::string& directory, const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    if (parent != directory) os::make_private_directory(parent);
    return os::create_private_file(path);
}

WEFT_INLINE os::descriptor file_to_go_on_with(const std::string& path) {
    os::descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    if (!file) fail_transfer(path);
    return file;
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
    const std::string trouble = "'" + what.header.path + "' cannot be read";
    detail::send_all(sink, text_of(what.header) + '\n');
    os::sha256 sum;
    std::vector<char> buffer = detail::buffer_for(what.header.size);
    detail::each_part(what.file, what.header.there, buffer, trouble,
                      [&](std::string_view bytes) { sum.add(bytes); });
    detail::each_part(what.file, detail::to_the_end, buffer, trouble, [&](std::string_view bytes) {
        detail::send_all(sink, bytes);
        sum.add(bytes);  // while the other end is busy with them
    });
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
    if (header.there == 0) os::make_private_directory(directory);
    bool cut = false;
    try {
        const std::string path = directory + '/' + header.path;
        const os::descriptor file =
            header.there == 0 ? detail::file_to_receive(directory, path) : detail::file_to_go_on_with(path);
        os::sha256 sum;
        std::uint64_t size = 0;
        std::vector<char> buffer = detail::buffer_for(header.size);
        detail::each_part(file, header.there, buffer, path, [&](std::string_view bytes) {
            sum.add(bytes);
            size += bytes.size();
        });
        if (size != header.there || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0)
            throw std::runtime_error("there are not " + std::to_string(header.there) + " bytes in " + path);
        detail::each_part(source, detail::to_the_end, buffer, "the stream", [&](std::string_view bytes) {
            sum.add(bytes);
            os::write_all(file, bytes);
            size += bytes.size();
        });
        cut = size < header.size && size > least_to_go_on_with;
        if (size != header.size) throw std::runtime_error("the stream was cut");
        if (::fchmod(file.get(), header.mode) != 0) detail::fail_transfer("chmod " + path);
        const struct timespec times[2] = {{header.modified, 0}, {header.modified, 0}};
        ::futimens(file.get(), times);
        return sum.hex();
    } catch (...) {
        if (!cut) os::remove_tree(directory);
        throw;
    }
}

WEFT_INLINE std::uint64_t whole_blocks(const std::string& file) {
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    const std::uint64_t size = static_cast<std::uint64_t>(status.st_size) / stream_block * stream_block;
    if (size <= least_to_go_on_with || ::truncate(file.c_str(), static_cast<off_t>(size)) != 0) return 0;
    return size;
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
