// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/process.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/transfer/archive_script.hpp>
#include <weft/transfer/local_archive.hpp>

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace weft::transfer {

namespace detail {

/// A sh with its stderr, connected by a socket pair. A socket, because a write to a closed one is an error
/// instead of a signal.
class archive_shell {
public:
    /// `stream` is the number of the shell's descriptor that becomes the socket.
    archive_shell(std::vector<std::string> arguments, int stream, const os::descriptor& input,
                  const std::string& temporary) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            throw std::system_error(errno, std::generic_category(),
                                    "cannot make a socket pair for a transfer");
        socket_.reset(ends[0]);
        const os::descriptor others(ends[1]);
        os::process_start start;
        start.arguments = std::move(arguments);
        start.environment = temporary.empty()
                                ? os::environment_with({})
                                : os::environment_with({{"TMPDIR", os::nearest_directory(temporary)}});
        start.input = stream == 0 ? others.get() : input.get();
        start.output = stream == 1 ? others.get() : -1;
        start.error = messages_.get();
        shell_.emplace(start);
    }

    const os::descriptor& socket() const { return socket_; }

    /// Ends the stream, waits for the shell and returns its digest.
    std::string end() {
        socket_.reset();
        shell_->wait();
        shell_->reap();
        return verdict({}, os::read_tail(messages_, 4096)).sha256;
    }

private:
    os::descriptor messages_{::memfd_create("weft-messages", MFD_CLOEXEC)};
    os::descriptor socket_;
    std::optional<os::process> shell_;
};

}  // namespace detail

/// The script goes to stdin: an argument is limited to 128 KiB, and a glob may name thousands of files.
WEFT_INLINE std::string send_archive(const std::string& directory, const std::vector<std::string>& paths,
                                     bool pax, const std::string& temporary, os::pipe_writer& sink) {
    os::descriptor script(::memfd_create("weft-script", MFD_CLOEXEC));
    os::write_all(script, send_script(directory, paths, pax));
    ::lseek(script.get(), 0, SEEK_SET);
    detail::archive_shell shell({"sh", "-s"}, 1, script, temporary);
    for (;;) {
        const std::span<char> room = sink.wait_for_room();
        if (room.empty()) break;  // the shell gets a write error too
        const ssize_t got = ::recv(shell.socket().get(), room.data(), room.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        sink.wrote(static_cast<std::size_t>(got));
    }
    return shell.end();
}

WEFT_INLINE bool is_gnu_tar() {
    os::descriptor output(::memfd_create("weft-tar", MFD_CLOEXEC));
    os::process_start start;
    start.arguments = {"tar", "--version"};
    start.environment = os::environment_with({});
    start.output = output.get();
    try {
        os::process(start).reap();
    } catch (const std::exception&) {
        return false;  // no tar: the transfer reports it
    }
    return os::read_tail(output, 4096).find("GNU tar") != std::string::npos;
}

WEFT_INLINE std::string receive_archive(const std::string& directory, os::pipe_reader& source) {
    detail::archive_shell shell({"sh", "-c", receive_script(directory)}, 0, {}, {});
    for (;;) {
        const std::string_view bytes = source.wait_for_bytes();
        if (bytes.empty()) break;
        const ssize_t sent = ::send(shell.socket().get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) break;  // the shell reports the reason
        source.used(static_cast<std::size_t>(sent));
    }
    return shell.end();
}

}  // namespace weft::transfer
