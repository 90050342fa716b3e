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

/// Two connected sockets; a shut-down one is readable, at its end.
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

TEST_CASE("an interruption wakes current and later waiters") {
    weft::ssh::interruption stop;
    const pair sockets;
    CHECK_FALSE(stop.requested());
    CHECK_FALSE(readable(stop.descriptor()));
    SECTION("a watched socket is shut down") {
        stop.watch(sockets.near.get());
        CHECK_FALSE(readable(sockets.near.get()));
        stop.request();
    }
    SECTION("a socket that is watched after the request is shut down at once") {
        stop.request();
        stop.watch(sockets.near.get());
    }
    CHECK(stop.requested());
    CHECK(readable(stop.descriptor()));
    CHECK(readable(sockets.near.get()));
}

TEST_CASE(
    "an interruption does not touch sockets that are no longer watched, nor a reuse of their descriptor") {
    weft::ssh::interruption stop;
    pair sockets;
    stop.watch(sockets.near.get());
    SECTION("no longer watched") {
        stop.watch(-1);
    }
    SECTION("closed, and its descriptor reused") {
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
