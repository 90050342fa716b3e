// SPDX-License-Identifier: MIT
// channel put|get FROM PATH TO: moves the file over one bare channel of libssh, to or from a `cat` on the
// server that PORT, LOGIN, KEY and KNOWN_HOSTS name: the limit that the library itself sets. Nothing is
// verified. Prints seconds without the connection.
#include "remote/places.hpp"

#include <weft/ssh/interruption.hpp>
#include <weft/ssh/session.hpp>
#include <weft/text/shell_quote.hpp>

#include <fcntl.h>
#include <libssh/libssh.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

namespace {

struct open_channel {
    ssh_session session;
    ssh_channel channel = ::ssh_channel_new(session);

    explicit open_channel(ssh_session of, const std::string& command) : session(of) {
        if (::ssh_channel_open_session(channel) != SSH_OK ||
            ::ssh_channel_request_exec(channel, command.c_str()) != SSH_OK)
            fail();
    }
    open_channel(const open_channel&) = delete;
    open_channel& operator=(const open_channel&) = delete;
    ~open_channel() { ::ssh_channel_free(channel); }

    [[noreturn]] void fail() const { throw std::runtime_error(::ssh_get_error(session)); }
};

weft::os::descriptor open_file(const std::string& path, int how) {
    weft::os::descriptor file(::open(path.c_str(), how | O_CLOEXEC, 0600));
    if (!file) throw std::runtime_error("cannot open " + path);
    return file;
}

double get(ssh_session session, const std::string& from, const std::string& to) {
    const weft::os::descriptor file = open_file(to, O_WRONLY | O_CREAT | O_TRUNC);
    const auto start = bench::steady::now();
    const open_channel source(session, "exec cat " + weft::text::quote(from));
    std::array<char, 64 * 1024> buffer;
    for (int got; (got = ::ssh_channel_read(source.channel, buffer.data(), buffer.size(), 0)) != 0;)
        if (got < 0 || ::write(file.get(), buffer.data(), static_cast<std::size_t>(got)) != got)
            source.fail();
    return bench::seconds_since(start);
}

double put(ssh_session session, const std::string& from, const std::string& to) {
    const weft::os::descriptor file = open_file(from, O_RDONLY);
    const auto start = bench::steady::now();
    const open_channel sink(session, "exec cat >" + weft::text::quote(to));
    std::array<char, 64 * 1024> buffer;
    for (ssize_t got; (got = ::read(file.get(), buffer.data(), buffer.size())) != 0;)
        if (got < 0 ||
            ::ssh_channel_write(sink.channel, buffer.data(), static_cast<std::uint32_t>(got)) != got)
            sink.fail();
    ::ssh_channel_send_eof(sink.channel);
    if (::ssh_channel_get_exit_status(sink.channel) != 0) sink.fail();  // `cat` has written all of it
    return bench::seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view way = argc == 5 ? argv[1] : "";
    if (way != "put" && way != "get") {
        std::fputs("usage: channel put|get FROM PATH TO\n", stderr);
        return 2;
    }
    try {
        weft::ssh::interruption never;
        const auto session = weft::ssh::open_session("edge", bench::server(), never);
        std::filesystem::create_directories(argv[4]);
        const std::string from = std::string(argv[2]) + '/' + argv[3];
        const std::string to = std::string(argv[4]) + '/' + argv[3];
        std::printf("%.3f\n", way == "get" ? get(session.get(), from, to) : put(session.get(), from, to));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "channel: %s\n", error.what());
        return 1;
    }
}
