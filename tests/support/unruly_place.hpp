// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>
#include <weft/engine/files.hpp>

#include "support/unruly_world.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A place with random behaviour: it opens late or never, loses its connection, recovers or is lost, its file
/// operations fail, and its commands end by themselves, only by TERM, only by KILL, or without a report.
class unruly_place final : public weft::engine::backend, public weft::engine::files {
public:
    using health = weft::engine::health;
    using outcome = weft::engine::outcome;
    using attempt = weft::engine::attempt;

    unruly_place(unruly_world& world, std::string name) : world_(world), name_(std::move(name)) {}

    bool closed = false;
    std::string trouble;  ///< a violation of the interface by the executor

    // Events that the test triggers.
    bool is_cut() const { return health_ == health::broken; }
    void cut() {
        if (opened_ && health_ == health::well) health_ = health::broken;
    }
    void come_back() { health_ = health::well; }
    void lose() {
        health_ = health::lost;
        end_all("it stayed away");
    }
    bool any_ends() const { return std::any_of(running_.begin(), running_.end(), ends_by_now); }
    void end_one() {
        std::vector<std::string> ready;
        for (const auto& one : running_)
            if (ends_by_now(one)) ready.push_back(one.first);
        end(ready[world_.below(static_cast<unsigned>(ready.size()))]);
    }

    weft::os::async<weft::engine::capacity> open() override {
        interrupted_ = false;
        if (world_.chance(world_.late())) co_await world_.wait();
        if (interrupted_) throw weft::engine::place_error("host " + name_ + ": the run ends");
        world_.fail_at_times();
        opened_ = true;
        weft::engine::capacity has;
        has.slots = slots_;
        has.memory = memory_;
        co_return has;
    }
    health health_now() const override { return health_; }
    std::string why_lost() const override { return "host " + name_ + ": it stayed away"; }
    void interrupt() override { interrupted_ = true; }

    weft::os::async<outcome> run(const attempt& what) override {
        for (const auto& [scratch, one] : running_)
            if (one->task == what.task && !one->signalled) trouble = what.task + " runs twice";
        return go(what);
    }
    weft::os::async<outcome> attach(const attempt& what) override { return go(what); }

    void stop(const std::string& scratch, weft::engine::stop_signal how) override {
        const auto found = running_.find(scratch);
        if (found == running_.end()) {
            stopped_early_.insert(scratch);
            return;
        }
        running& one = *found->second;
        if (how == weft::engine::stop_signal::kill || one.heeds_term) one.signalled = true;
        if (one.signalled && !one.never_reported && world_.chance(20)) end(scratch);  // before `stop` returns
    }

    weft::os::async<void> close() override {
        if (health_ != health::lost) health_ = health::lost;
        end_all("the connection was closed");
        closed = true;
        co_return;
    }

    weft::os::async<std::vector<std::string>> match(std::string, std::string pattern, bool glob) override {
        co_await question();
        std::vector<std::string> found;
        if (!world_.chance(world_.bad())) found.push_back(glob ? "found" : pattern);
        co_return found;
    }
    weft::os::async<weft::engine::digest> send(std::string, std::vector<std::string>,
                                               weft::engine::stream_form, weft::os::pipe_writer) override {
        co_return weft::engine::digest{};
    }
    weft::os::async<weft::engine::digest> receive(std::string, weft::os::pipe_reader) override {
        co_return weft::engine::digest{};
    }
    weft::os::async<std::uint64_t> salvage(std::string, std::string) override { co_return 0; }
    weft::os::async<void> rename(std::string, std::string) override { co_await question(); }
    weft::os::async<void> replace(std::vector<weft::os::path_below>, std::string, std::vector<std::string>,
                                  std::string) override {
        co_await question();
    }
    weft::os::async<void> remove(std::string) override { co_await question(); }
    weft::os::async<void> remove_if_empty(std::string) override { co_await question(); }
    weft::os::async<bool> intact(std::string) override {
        co_await question();
        co_return !world_.chance(30);
    }
    weft::os::async<std::string> tail(std::string, std::size_t) override {
        co_await question();
        co_return "";
    }

private:
    struct running {
        std::string task;
        bool by_itself = true;        ///< it ends without a signal
        bool heeds_term = true;       ///< otherwise only KILL ends it
        bool never_reported = false;  ///< its end is never reported
        bool signalled = false;       ///< it got a signal that ends it, whether or not its end is reported
        weft::os::completion<outcome> done;
    };
    using row = std::pair<const std::string, std::shared_ptr<running>>;

    static bool ends_by_now(const row& one) {
        return !one.second->never_reported && (one.second->by_itself || one.second->signalled);
    }

    weft::os::async<outcome> go(const attempt& what) {
        const std::string scratch = what.scratch;
        const std::string task = what.task;
        if (is_cut()) co_await world_.wait();
        if (health_ == health::lost)
            co_return outcome{outcome::kind::not_started, 0, "host " + name_ + ": it is lost"};
        world_.fail_at_times();
        if (world_.chance(30)) co_return any_end();
        const auto one = std::make_shared<running>();
        one->task = task;
        one->by_itself = !world_.chance(world_.late());
        one->heeds_term = !world_.chance(30);
        one->never_reported = world_.chance(world_.bad());
        one->signalled = stopped_early_.contains(scratch);
        running_[scratch] = one;
        co_return co_await one->done;
    }

    outcome any_end() {
        switch (world_.below(8)) {
            case 0:
                return {outcome::kind::exited, 1, {}};
            case 1:
                return {outcome::kind::signalled, 9, {}};
            case 2:
                return {outcome::kind::never_began, 0, "no runner claimed it"};
            case 3:
                return {outcome::kind::not_started, 0, "no room"};
            default:
                return {outcome::kind::exited, 0, {}};
        }
    }

    void end(const std::string& scratch) {
        const auto one = running_.at(scratch);
        running_.erase(scratch);
        one->done.set(any_end());
    }

    void end_all(const std::string& why) {
        for (const auto& [scratch, one] : std::exchange(running_, {}))
            one->done.set({outcome::kind::lost, 0, "host " + name_ + ": " + why});
    }

    /// During a cut the operation waits; at a lost place it fails.
    weft::os::async<void> question() {
        if (is_cut()) co_await world_.wait();
        if (health_ == health::lost) throw weft::engine::place_error("host " + name_ + ": it is lost");
        co_await world_.answer();
    }

    unruly_world& world_;
    std::string name_;
    unsigned slots_ = 1 + world_.below(3);
    std::uint64_t memory_ = world_.below(2) * 100;
    health health_ = health::well;
    bool opened_ = false;
    bool interrupted_ = false;
    std::map<std::string, std::shared_ptr<running>> running_;
    std::set<std::string> stopped_early_;  ///< scratch of stopped attempts of an earlier process
};

}  // namespace support
