// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>
#include <weft/engine/files.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A place without processes or disk. Attempts end when a test says so, or at once by `script`.
class fake_place : public weft::engine::backend, public weft::engine::files {
public:
    using outcome = weft::engine::outcome;
    using attempt = weft::engine::attempt;

    unsigned slots = 2;
    std::uint64_t memory = 0;
    weft::engine::health health = weft::engine::health::well;
    std::string refuses_to_open;                    ///< the error of `open`
    bool closes_later = false;                      ///< `close` waits for `close_now`
    bool opens_later = false;                       ///< `open` waits for `open_now` or `interrupt`
    std::function<outcome(const attempt&)> script;  ///< when set, attempts end at once with its result
    std::map<std::string, std::vector<std::string>>
        found;                            ///< results of `match`, by pattern; else the pattern itself
    std::function<outcome(int)> on_stop;  ///< how an attempt ends when stopped (by stop count)
    std::function<outcome(const attempt&)>
        left;               ///< ends of attempts of an earlier process; none: by `finish`
    bool unchanged = true;  ///< scratch directories are as their attempts left them

    std::vector<attempt> started;
    std::vector<attempt> attached;
    std::vector<std::pair<std::string, weft::engine::stop_signal>> stopped;
    std::vector<std::string> removed;
    std::set<std::string> held;  ///< scratch directories of attempts waiting for `finish`
    unsigned most_at_once = 0;
    bool closed = false;
    unsigned interrupted = 0;

    static outcome exited(int code) { return {outcome::kind::exited, code, {}}; }
    static outcome killed(int signal) { return {outcome::kind::signalled, signal, {}}; }

    /// Ends the held attempt of `task`.
    void finish(const std::string& task, outcome how = exited(0)) {
        for (auto it = running_.begin(); it != running_.end(); ++it) {
            if (it->second->task != task) continue;
            const auto ended = it->second;
            held.erase(it->first);
            running_.erase(it);
            ended->done.set(std::move(how));
            return;
        }
        throw std::logic_error("no attempt of " + task + " is running");
    }
    bool is_running(const std::string& task) const {
        for (const auto& [scratch, one] : running_)
            if (one->task == task) return true;
        return false;
    }

    weft::os::async<weft::engine::capacity> open() override {
        if (opens_later) co_await opened_;
        if (!refuses_to_open.empty()) throw weft::engine::place_error(refuses_to_open);
        co_return weft::engine::capacity{slots, memory};
    }
    void open_now() { opened_.set(true); }
    weft::engine::health health_now() const override { return health; }

    void interrupt() override {
        ++interrupted;
        if (opens_later && !opened_.is_set())
            opened_.fail(std::make_exception_ptr(weft::engine::place_error("interrupted")));
    }

    weft::os::async<outcome> run(const attempt& what) override {
        started.push_back(what);
        if (script) co_return script(what);
        co_return co_await wait_for(what);
    }

    weft::os::async<outcome> attach(const attempt& what) override {
        attached.push_back(what);
        if (left) co_return left(what);
        co_return co_await wait_for(what);
    }

    weft::os::async<outcome> wait_for(const attempt& what) {
        const auto mine = std::make_shared<running>();
        mine->task = what.task;
        running_[what.scratch] = mine;
        held.insert(what.scratch);
        most_at_once = std::max(most_at_once, static_cast<unsigned>(running_.size()));
        co_return co_await mine->done;
    }

    void stop(const std::string& scratch, weft::engine::stop_signal how) override {
        stopped.emplace_back(scratch, how);
    }

    weft::os::async<void> close() override {
        if (closes_later) co_await closed_;
        closed = true;
    }
    void close_now() { closed_.set(true); }

    weft::os::async<std::vector<std::string>> match(std::string, std::string pattern, bool glob) override {
        if (const auto known = found.find(pattern); known != found.end()) co_return known->second;
        if (glob) co_return std::vector<std::string>{};
        co_return std::vector<std::string>{pattern};
    }
    weft::os::async<weft::engine::digest> send(std::string, std::vector<std::string>,
                                               weft::engine::stream_form, weft::os::pipe_writer) override {
        co_return weft::engine::digest{};
    }
    weft::os::async<weft::engine::digest> receive(std::string, weft::os::pipe_reader) override {
        co_return weft::engine::digest{};
    }
    weft::os::async<std::uint64_t> salvage(std::string, std::string) override { co_return 0; }
    weft::os::async<void> rename(std::string, std::string) override { co_return; }
    weft::os::async<void> remove(std::string path) override {
        removed.push_back(std::move(path));
        co_return;
    }
    weft::os::async<void> remove_if_empty(std::string) override { co_return; }
    weft::os::async<bool> intact(std::string) override { co_return unchanged; }
    weft::os::async<std::string> tail(std::string file, std::size_t) override { co_return "tail of " + file; }

private:
    struct running {
        std::string task;
        weft::os::completion<outcome> done;
    };
    std::map<std::string, std::shared_ptr<running>> running_;
    weft::os::completion<bool> opened_;
    weft::os::completion<bool> closed_;
};

/// Counts copies; with `hold`, each takes until the test ends it.
class fake_stager final : public weft::engine::stager {
public:
    struct call {
        weft::engine::files* from;
        std::string from_directory;
        std::vector<std::string> paths;
        weft::engine::files* to;
        std::string to_directory;
    };
    std::vector<call> calls;
    std::string fails;  ///< the error of the next copies

    weft::os::async<void> copy(weft::engine::files& from, std::string from_directory,
                               std::vector<std::string> paths, weft::engine::files& to,
                               std::string to_directory, std::stop_token) override {
        calls.push_back({&from, std::move(from_directory), std::move(paths), &to, std::move(to_directory)});
        if (!fails.empty()) throw weft::engine::place_error(fails);
        co_return;
    }
};

}  // namespace support
