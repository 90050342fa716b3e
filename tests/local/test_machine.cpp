// SPDX-License-Identifier: MIT
#include <weft/local/machine.hpp>

#include "support/run_async.hpp"

#include <catch2/catch.hpp>

TEST_CASE("other events are handled while this machine's processes are searched") {
    weft::os::reactor loop;
    int during_close = 0;
    int during_attach = 0;
    const auto drive = [&]() -> weft::os::async<void> {
        // A search can end before it is awaited; one on the reactor's thread would let no event through.
        for (int round = 0; round < 100; ++round) {
            weft::local::machine here(loop, "run-without-processes");
            int in_attach = 0;
            int in_close = 0;
            loop.post([&] { ++in_attach; });
            const weft::engine::attempt nobodys;
            co_await here.attach(nobodys);
            during_attach += in_attach;
            loop.post([&] { ++in_close; });
            co_await here.close();
            during_close += in_close;
            while (in_attach + in_close < 2) co_await loop.blocking([] {});
        }
        CHECK(during_attach > 0);
        CHECK(during_close > 0);
    };
    loop.run(drive());
}
