// SPDX-License-Identifier: MIT
#pragma once

#include <weft/local/machine.hpp>
#include <weft/os/process_table.hpp>
#include <weft/remote/host.hpp>
#include <weft/transfer/archive_stager.hpp>

#include "support/content.hpp"
#include "support/run_async.hpp"
#include "support/sshd.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A server, a reactor and the data that a place needs; tests create the place.
struct ssh_bench {
    sshd server;
    temporary_directory base;
    weft::os::reactor loop;
    weft::ssh_host how = server.binding();
    std::string run = base.path().filename().string();  ///< unique, so that a sweep finds only its own

    /// The parameters are those of `sshd`.
    explicit ssh_bench(const std::string& extra = {}, const std::string& environment = {})
        : server(extra, 1, environment) {
        how.scratch = base.path().string();
    }

    std::unique_ptr<weft::remote::host> place(std::size_t streams = 1) {
        return std::make_unique<weft::remote::host>(loop, "edge", how, run, streams);
    }
    std::unique_ptr<weft::remote::host> opened(std::size_t streams = 1) {
        auto edge = place(streams);
        wait(edge->open());
        return edge;
    }
    template <class T>
    T wait(weft::os::async<T> work) {
        return run_async(loop, std::move(work));
    }

    /// The error with which `open` fails; "" when it succeeds.
    std::string refusal() {
        const auto edge = place();
        std::string text;
        try {
            wait(edge->open());
        } catch (const weft::engine::place_error& error) {
            text = error.what();
        }
        wait(edge->close());
        return text;
    }

    std::filesystem::path scratch(const std::string& task) const { return base.path() / run / task; }

    weft::engine::attempt shell(const std::string& name, const std::string& script) const {
        weft::engine::attempt what;
        what.task = name;
        what.run = run;
        what.scratch = scratch(name).string();
        what.script = script;
        return what;
    }

    weft::engine::attempt program(const std::string& name, std::vector<std::string> arguments) const {
        weft::engine::attempt what = shell(name, "");
        what.action = weft::plan::action_kind::program;
        what.arguments = std::move(arguments);
        return what;
    }

    /// Waits until `condition` holds, for effects of another process; false after ten seconds.
    template <class Condition>
    bool eventually(const Condition& condition) {
        const auto look = [&]() -> weft::os::async<void> {
            for (int tries = 0; tries < 2000 && !condition(); ++tries) {
                weft::os::completion<bool> over;
                const auto alarm = loop.after(std::chrono::milliseconds(5), [&over] { over.set(true); });
                co_await over;
            }
        };
        run_async(loop, look());
        return condition();
    }

    std::vector<pid_t> processes_of_the_run() const { return weft::os::processes_with("WEFT_RUN=" + run); }
};

/// Calls `action` once `file` exists.
class when_there {
public:
    when_there(weft::os::reactor& loop, std::filesystem::path file, std::function<void()> action)
        : loop_(loop), file_(std::move(file)), action_(std::move(action)) {
        look();
    }

private:
    void look() {
        if (std::filesystem::exists(file_)) return action_();
        alarm_ = loop_.after(std::chrono::milliseconds(5), [this] { look(); });
    }
    weft::os::reactor& loop_;
    std::filesystem::path file_;
    std::function<void()> action_;
    std::unique_ptr<weft::os::clock::alarm> alarm_;
};

/// Runs `count` coroutines concurrently: `work(i)` for each i.
template <class Work>
void run_all(weft::os::reactor& loop, int count, const Work& work) {
    int left = count;
    weft::os::completion<bool> done;
    const auto one = [&](int i) -> weft::os::async<void> {
        co_await work(i);
        if (--left == 0) done.set(true);
    };
    const auto all = [&]() -> weft::os::async<void> {
        for (int i = 0; i < count; ++i) weft::os::spawn(one(i));
        co_await done;
    };
    run_async(loop, all());
}

}  // namespace support
