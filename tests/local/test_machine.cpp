// SPDX-License-Identifier: MIT
#include <weft/local/machine.hpp>

#include "support/run_async.hpp"

#include <catch2/catch.hpp>

TEST_CASE("other events are handled while this machine's processes are searched") {
    weft::os::reactor loop;
    weft::local::machine here(loop, "run-without-processes");
    int events = 0;
    const auto drive = [&]() -> weft::os::async<void> {
        loop.post([&] { ++events; });
        co_await here.close();
        CHECK(events == 1);
        loop.post([&] { ++events; });
        const weft::engine::attempt nobodys;
        co_await here.attach(nobodys);
        CHECK(events == 2);
    };
    loop.run(drive());
}
