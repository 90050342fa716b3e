// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>
#include <weft/os/helper_threads.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/os/sha256.hpp>
#include <weft/transfer/local_transfer.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace weft::transfer {

namespace detail {

/// Size of a read or write: small enough to stay in a processor's cache until the other end reads it.
inline constexpr std::size_t transfer_chunk = 128 * 1024;

[[noreturn]] WEFT_INLINE void fail_transfer(const std::string& problem) {
    throw std::system_error(errno, std::generic_category(), problem);
}

[[noreturn]] WEFT_INLINE void fail_as_cut() {
    throw std::runtime_error("the stream was cut: the other end stopped");
}

/// Returns 0 at the end of the file.
WEFT_INLINE std::size_t read_some(const os::descriptor& from, std::span<char> into,
                                  const std::string& trouble) {
    ssize_t got = 0;
    do got = ::read(from.get(), into.data(), into.size());
    while (got < 0 && errno == EINTR);
    if (got < 0) fail_transfer(trouble);
    return static_cast<std::size_t>(got);
}

/// Passes the first `most` bytes of a file, or fewer if it is shorter, to `take`.
template <class Take>
void each_part(const os::descriptor& from, std::uint64_t most, const std::string& trouble, const Take& take) {
    std::vector<char> buffer(std::min<std::uint64_t>(most, transfer_chunk));
    while (most != 0) {
        const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), most);
        const std::size_t got = read_some(from, std::span(buffer).first(wanted), trouble);
        if (got == 0) return;
        take(std::string_view(buffer.data(), got));
        most -= got;
    }
}

WEFT_INLINE void write_to(const os::descriptor& file, std::string_view bytes, const std::string& path) {
    try {
        os::write_all(file, bytes);
    } catch (const std::system_error& error) {
        throw std::system_error(error.code(), "cannot write '" + path + "'");
    }
}

WEFT_INLINE os::descriptor file_to_receive(const std::string& directory, const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    if (parent != directory) os::make_private_directory(parent);
    return os::create_private_file(path);
}

WEFT_INLINE os::descriptor file_to_continue(const std::string& path) {
    os::descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    if (!file) fail_transfer(path);
    return file;
}

}  // namespace detail

WEFT_INLINE std::optional<sendable> open_to_send(const std::string& directory, const std::string& path) {
    sendable result;
    os::descriptor current(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::string_view rest = path; current;) {
        const std::string component(rest.substr(0, rest.find('/')));
        const bool last = component.size() == rest.size();
        // O_NONBLOCK: opening a fifo must not wait for its writer.
        const int flags = last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY;
        current.reset(::openat(current.get(), component.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
        if (last) break;
        rest.remove_prefix(component.size() + 1);
    }
    struct stat status {};
    if (!current || ::fstat(current.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    result.file = std::move(current);
    result.header.file = true;
    result.header.size = static_cast<std::uint64_t>(status.st_size);
    result.header.mode = status.st_mode & 0777u;
    result.header.modified = status.st_mtim.tv_sec;
    result.header.fraction = static_cast<std::uint32_t>(status.st_mtim.tv_nsec);
    result.header.path = path;
    if (!parse_header(text_of(result.header))) return {};
    return result;
}

WEFT_INLINE std::string send_file(const sendable& source, os::pipe_writer& sink) {
    const auto status_now = [&source] {
        struct stat status {};
        if (::fstat(source.file.get(), &status) != 0) detail::fail_transfer("'" + source.header.path + "'");
        return status;
    };
    const struct stat before = status_now();
    const std::string trouble = "'" + source.header.path + "' cannot be read";
    if (!sink.write(text_of(source.header) + '\n')) detail::fail_as_cut();
    os::sha256 sum;
    detail::each_part(source.file, source.header.offset, trouble,
                      [&](std::string_view bytes) { sum.add(bytes); });
    // Do not read past the announced size: the reader closes its end as soon as it has all bytes.
    for (std::uint64_t left = source.header.size - source.header.offset; left != 0;) {
        const std::span<char> room = sink.wait_for_room();
        if (room.empty()) detail::fail_as_cut();
        const std::size_t most = std::min<std::uint64_t>({room.size(), detail::transfer_chunk, left});
        const std::size_t got = detail::read_some(source.file, room.first(most), trouble);
        if (got == 0) break;
        sum.add({room.data(), got});
        sink.wrote(got);
        left -= got;
    }
    const struct stat after = status_now();
    if (source.header.size != static_cast<std::uint64_t>(after.st_size) || before.st_size != after.st_size ||
        before.st_mtim.tv_sec != after.st_mtim.tv_sec || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec)
        throw std::runtime_error("'" + source.header.path + "' changed while it was read");
    return sum.hex();
}

WEFT_INLINE std::string read_header_line(os::pipe_reader& source) {
    const std::string_view bytes = source.wait_for_bytes();
    if (bytes.empty()) throw std::runtime_error("no data arrived: the sender ended before the first byte");
    const auto end = bytes.find('\n');
    if (end > longest_header) throw std::runtime_error("the received data is not a stream of files");
    std::string line(bytes.substr(0, end));
    source.used(end + 1);
    return line;
}

WEFT_INLINE std::string receive_file(const std::string& directory, const stream_header& header,
                                     os::pipe_reader& source) {
    if (header.offset == 0) os::make_private_directory(directory);
    bool cut = false;
    try {
        const std::string path = directory + '/' + header.path;
        const os::descriptor file =
            header.offset == 0 ? detail::file_to_receive(directory, path) : detail::file_to_continue(path);
        os::sha256 sum;
        std::uint64_t size = 0;
        detail::each_part(file, header.offset, path, [&](std::string_view bytes) {
            sum.add(bytes);
            size += bytes.size();
        });
        // Never truncate to 0: ext4 then flushes the whole file to the disk when it is closed.
        if (size != header.offset || (size != 0 && ::ftruncate(file.get(), static_cast<off_t>(size)) != 0))
            throw std::runtime_error("expected " + std::to_string(header.offset) + " bytes in " + path);
        for (;;) {
            const std::string_view bytes = source.wait_for_bytes().substr(0, detail::transfer_chunk);
            if (bytes.empty()) break;
            sum.add(bytes);
            detail::write_to(file, bytes, path);
            source.used(bytes.size());
            size += bytes.size();
        }
        cut = size < header.size && size > least_to_continue;
        if (size != header.size) detail::fail_as_cut();
        if (::fchmod(file.get(), header.mode) != 0) detail::fail_transfer("chmod " + path);
        const struct timespec time { header.modified, static_cast<long>(header.fraction) };
        const struct timespec times[2] = {time, time};
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
    if (size <= least_to_continue || ::truncate(file.c_str(), static_cast<off_t>(size)) != 0) return 0;
    return size;
}

WEFT_INLINE os::async<engine::digest> transfer_on_thread(os::reactor& loop,
                                                         std::function<std::string()> work) {
    const auto guest = loop.guest();
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
        trouble = os::thread_trouble(error);
    }
    if (thread.joinable()) {
        co_await ended;
        thread.join();
    }
    if (!trouble.empty()) throw engine::place_error(trouble);
    co_return result;
}

}  // namespace weft::transfer
