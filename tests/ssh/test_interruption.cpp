// SPDX-License-Identifier: MIT
#include <weft/ssh/interruption.hpp>

#include <catch2/catch.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace {

bool readable(int descriptor) {
    pollfd what{descriptor, POLLIN, 0};
    return ::poll(&what, 1, 0) == 1;
}

/// Two sockets that are connected; a shut-down one is readable: at its end.
struct pair {
    weft::os::descriptor near, far;
    pair() {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        near.reset(ends[0]);
        far.reset(ends[1]);
    }
};

}  // namespace

TEST_CASE("an interruption wakes whoever waits, now and later") {
    weft::ssh::interruption stop;
    const pair sockets;
    CHECK_FALSE(stop.requested());
    CHECK_FALSE(readable(stop.descriptor()));
    SECTION("a socket that is watched is shut down") {
        stop.watch(sockets.near.get());
        CHECK_FALSE(readable(sockets.near.get()));
        stop.request();
    }
    SECTION("and one that comes too late, at once") {
        stop.request();
        stop.watch(sockets.near.get());
    }
    CHECK(stop.requested());
    CHECK(readable(stop.descriptor()));
    CHECK(readable(sockets.near.get()));
}

TEST_CASE("an interruption leaves alone what is not watched any more, and what has taken its number") {
    weft::ssh::interruption stop;
    pair sockets;
    stop.watch(sockets.near.get());
    SECTION("not watched any more") {
        stop.watch(-1);
    }
    SECTION("closed, and its number is another's") {
        const int number = sockets.near.get();
        sockets.near.reset();
        pair others;
        CHECK(others.near.get() == number);
        sockets = std::move(others);
    }
    stop.request();
    CHECK_FALSE(readable(sockets.near.get()));
    CHECK_FALSE(readable(sockets.far.get()));
}
