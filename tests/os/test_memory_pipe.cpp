// SPDX-License-Identifier: MIT
#include <weft/os/memory_pipe.hpp>

#include "support/eventually.hpp"
#include "support/threads.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <thread>

using weft::os::memory_pipe;
using weft::os::pipe_reader;
using weft::os::pipe_writer;

namespace {

struct ends {
    std::shared_ptr<memory_pipe> pipe = std::make_shared<memory_pipe>();
    pipe_writer sink{pipe};
    pipe_reader source{pipe};

    void put(std::size_t count) {
        const auto room = sink.room().first(count);
        std::fill(room.begin(), room.end(), 'x');
        sink.wrote(room.size());
    }
    /// Writes as much as fits, without waiting.
    std::size_t fill() {
        std::size_t count = 0;
        while (const std::size_t room = sink.room().size()) {
            put(room);
            count += room;
        }
        return count;
    }
};

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string text(size, '\0');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    return text;
}

}  // namespace

TEST_CASE("one thread reads what another writes, in order") {
    ends e;
    const std::string text = noise(10 * memory_pipe::capacity + 12345);
    std::thread writer([&] {
        std::mt19937 random(1);
        for (std::string_view rest = text; !rest.empty();) {
            const auto room = e.sink.wait_for_room();
            const std::size_t count =
                rest.copy(room.data(), std::min<std::size_t>(room.size(), 1 + random() % 90000));
            e.sink.wrote(count);
            rest.remove_prefix(count);
        }
        e.sink.close();
    });
    std::string read;
    std::mt19937 random(2);
    for (auto some = e.source.wait_for_bytes(); !some.empty(); some = e.source.wait_for_bytes()) {
        some = some.substr(0, 1 + random() % 70000);
        read += some;
        e.source.used(some.size());
    }
    writer.join();
    CHECK(read == text);
    CHECK(e.source.ended());
}

TEST_CASE("a pipe holds at most its capacity, and is empty once everything was read") {
    ends e;
    CHECK(e.source.bytes().empty());
    CHECK(e.fill() == memory_pipe::capacity);
    CHECK(e.source.bytes().size() == memory_pipe::capacity);
    e.source.used(memory_pipe::capacity);
    CHECK(e.source.bytes().empty());
    CHECK_FALSE(e.source.ended());
    CHECK(e.fill() == memory_pipe::capacity);
}

TEST_CASE("after the writer has gone, the reader gets the remaining bytes and then the end") {
    ends e;
    REQUIRE(e.sink.write("the rest"));
    CHECK_FALSE(e.source.complete());
    e.sink = {};
    CHECK(e.source.complete());
    CHECK_FALSE(e.source.ended());
    CHECK(e.source.wait_for_bytes() == "the rest");
    e.source.used(8);
    CHECK(e.source.ended());
    CHECK(e.source.wait_for_bytes().empty());
}

TEST_CASE("when the reader goes, a waiting writer is woken and sees it") {
    ends e;
    e.fill();
    bool waited = false;
    std::thread reader([&, writer = ::gettid()] {
        waited = support::eventually([&] { return support::waits_without_limit(writer); });
        e.source.close();
    });
    CHECK(e.sink.wait_for_room().empty());
    reader.join();
    CHECK(waited);
    CHECK(e.sink.abandoned());
    CHECK_FALSE(e.sink.write("more"));
}

TEST_CASE("a cut ends both waits") {
    ends e;
    const bool reader_waits = GENERATE(true, false);
    if (!reader_waits) e.fill();
    bool waited = false;
    std::thread cutter([&, waiting = ::gettid()] {
        waited = support::eventually([&] { return support::waits_without_limit(waiting); });
        e.pipe->cut();
    });
    if (reader_waits)
        CHECK(e.source.wait_for_bytes().empty());
    else
        CHECK(e.sink.wait_for_room().empty());
    cutter.join();
    CHECK(waited);
    CHECK(e.source.ended());
    CHECK(e.sink.abandoned());
}

TEST_CASE("an end with a wake function is woken once, when there is enough to do") {
    int reader = 0;
    int writer = 0;
    ends e;  // closing an end at the end of the test wakes the other one too
    e.source.when_bytes([&] { ++reader; });
    e.sink.when_room([&] { ++writer; });
    SECTION("the reader, by enough bytes or by the end") {
        REQUIRE(e.source.bytes().empty());
        e.put(10);
        CHECK(reader == 0);
        SECTION("enough bytes") {
            e.put(memory_pipe::enough);
            CHECK(reader == 1);
            e.fill();
        }
        SECTION("the end") {
            e.sink.close();
        }
        CHECK(reader == 1);
        CHECK(writer == 0);
    }
    SECTION("the reader, after it has seen too few bytes to use") {
        e.put(10);
        REQUIRE(e.source.bytes().size() == 10);
        e.fill();
        CHECK(reader == 1);
    }
    SECTION("the writer, when half of the pipe is free or the reader has gone") {
        e.fill();
        e.source.used(memory_pipe::capacity / 2 - 1);
        CHECK(writer == 0);
        SECTION("half") {
            e.source.used(1);
        }
        SECTION("the reader has gone") {
            e.source.close();
        }
        CHECK(writer == 1);
        CHECK(reader == 0);
    }
    SECTION("none, after an end was closed") {
        REQUIRE(e.source.bytes().empty());
        e.source.close();
        e.fill();
        e.sink.close();
        CHECK(reader == 0);
    }
}
