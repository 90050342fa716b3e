// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/backend.hpp>
#include <weft/stage/archive_stager.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace weft::stage {

namespace detail {

/// Two connected descriptors, handed out once each. A socket pair rather than a pipe: `cut` ends both streams
/// at once, whoever holds the descriptors.
class stream {
public:
    stream() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            throw std::system_error(errno, std::generic_category(), "socketpair");
        source_ = ends[0];
        sink_ = ends[1];
        watch_ = ::fcntl(source_, F_DUPFD_CLOEXEC, 0);
        for (int size = 1 << 20; int end : ends) ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream() {
        for (int end : {source_, sink_, watch_})
            if (end >= 0) ::close(end);
    }

    int take_source() { return std::exchange(source_, -1); }
    int take_sink() { return std::exchange(sink_, -1); }
    void cut() const { ::shutdown(watch_, SHUT_RDWR); }

private:
    int source_ = -1;
    int sink_ = -1;
    int watch_ = -1;
};

/// The sending half, beside the receiving one: its end is awaited through `done`.
struct sending {
    os::completion<engine::digest> done;
};

WEFT_INLINE os::async<void> send(engine::files& from, std::string directory, std::vector<std::string> paths,
                                 int sink, std::shared_ptr<sending> state) {
    std::optional<engine::digest> result;
    std::exception_ptr error;
    try {
        result = co_await from.send(std::move(directory), std::move(paths), sink);
    } catch (...) {
        error = std::current_exception();
    }
    if (error)
        state->done.fail(error);
    else
        state->done.set(*std::move(result));
}

}  // namespace detail

WEFT_INLINE os::async<void> archive_stager::copy(engine::files& from, std::string from_directory,
                                                 std::vector<std::string> paths, engine::files& to,
                                                 std::string to_directory, std::stop_token stop) {
    if (stop.stop_requested()) throw engine::place_error("staging was cancelled");
    const std::string partial = to_directory + ".part";
    detail::stream stream;
    const std::stop_callback cut(stop, [&] { stream.cut(); });

    const auto sending = std::make_shared<detail::sending>();
    os::spawn(detail::send(from, from_directory, std::move(paths), stream.take_sink(), sending));

    engine::digest received;
    engine::digest sent;
    std::string trouble;
    try {
        received = co_await to.receive(partial, stream.take_source());
    } catch (const engine::place_error& error) {
        trouble = error.what();
        stream.cut();  // else the sender waits for a reader for ever
    }
    try {
        sent = co_await sending->done;
    } catch (const engine::place_error& error) {
        // A failed sender truncates the stream and a failed receiver breaks it: which of the two came first
        // is not known here, so both are told.
        trouble = trouble.empty() ? error.what() : error.what() + (" (" + trouble + ')');
    }
    if (stop.stop_requested()) trouble = "staging was cancelled";
    if (trouble.empty() && sent != received)
        trouble = "what arrived in " + to_directory + " is not what was sent from " + from_directory +
                  ": SHA-256 " + received.sha256 + " instead of " + sent.sha256;

    if (trouble.empty()) {
        try {
            co_await to.rename(partial, to_directory);
            co_return;
        } catch (const engine::place_error& error) {
            trouble = error.what();
        }
    }
    try {
        co_await to.remove(partial);
    } catch (const engine::place_error&) {
        // The place is in trouble already; the first error tells of it.
    }
    throw engine::place_error(trouble);
}

}  // namespace weft::stage
