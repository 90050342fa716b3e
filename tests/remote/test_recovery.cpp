// SPDX-License-Identifier: MIT
// Whatever a host, its network and its shell do, each call ends, and no attempt runs twice or is reported
// wrongly. Each case is drawn from a seed: WEFT_SEED=<number> runs one of them alone and prints what happens,
// WEFT_SEEDS=<number> so many.
#include <weft/engine/observer.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/remote/host.hpp>

#include "support/fake_clock.hpp"
#include "support/unruly_host.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using support::true_attempt;
using weft::engine::outcome;
using weft::engine::place_event;
using weft::os::async;

namespace {

constexpr auto deadline = 20s;

class unruly_recovery final : weft::engine::observer {
public:
    unruly_recovery(unsigned seed, bool loud) : machine_(seed) {
        machine_.loud = loud;
        weft::ssh_host how;
        how.scratch = "/s";
        how.deadline = deadline;
        edge_ = std::make_unique<weft::remote::host>(
            weft::remote::host_surroundings{clock_, [this] { return host_.connect(); }, seed}, "edge", how,
            "run", 1);
        edge_->listen(*this);
        if (machine_.chance(50)) edge_->insist();
    }

    /// What was wrong; "" when nothing was.
    std::string drive() {
        call("open", open());
        const unsigned steps = machine_.below(400);
        for (unsigned step = 0; step < steps && fault_.empty(); ++step) {
            if (machine_.chance(acts_)) act();
            if (!let_something_happen()) break;
        }
        if (machine_.chance(60)) calm_down();
        if (fault_.empty() && !closing_ && machine_.chance(50)) interrupt();
        wait_for([&] { return opened_ || !pending_.contains("open"); });
        if (fault_.empty()) end();
        return fault_;
    }

private:
    void host_away(std::string_view, std::string_view, std::chrono::milliseconds) override {
        away_at_ = clock_.now();
    }

    void tell(const std::string& text) const {
        if (machine_.loud) std::cerr << text << '\n';
    }

    void blame(const std::string& text) {
        if (fault_.empty()) fault_ = text;
    }

    /// Time passes when every event has had its chances, so that nothing is late without end by accident.
    bool let_something_happen() {
        const auto events = host_.events();
        const auto due = clock_.next_due();
        ++events_;
        if (due >= 0s && (events.empty() || (events_ > 4 * events.size() && machine_.chance(20)))) {
            events_ = 0;
            clock_.advance(due);
            return true;
        }
        if (events.empty()) return false;
        events[machine_.below(static_cast<unsigned>(events.size()))]();
        return true;
    }

    /// Each wait is bounded by a few deadlines.
    void wait_for(const std::function<bool()>& there) {
        const auto latest = clock_.now() + 12 * deadline;
        unsigned steps = 0;
        while (fault_.empty() && !there()) {
            const bool on = let_something_happen() && clock_.now() < latest && ++steps < 100000;
            if (on) continue;
            std::string names;
            for (const std::string& name : pending_) names += ' ' + name;
            blame("never ended:" + names);
        }
    }

    /// No faults any more: what was asked for ends without the end of the run.
    void calm_down() {
        tell("-- calm");
        calm_ = true;
        machine_.calm_down();
        host_.calm_down();
        host_.come_back();
        for (const std::string& name : running_) {
            // What a shell that hangs was asked to stop the engine abandons after a time limit.
            if (machine_.withheld())
                machine_.attempt(name).endless = false;
            else if (!stopped_.contains(name))
                stop(name);
        }
        wait_for([&] { return pending_.empty(); });
    }

    void stop(const std::string& scratch) {
        tell("-- stop " + scratch);
        stopped_.insert(scratch);
        edge_->stop(scratch, machine_.chance(50) ? weft::engine::stop_signal::kill
                                                 : weft::engine::stop_signal::terminate);
    }

    void interrupt() {
        tell("-- interrupt");
        closing_ = true;
        edge_->interrupt();
    }

    void close() {
        closing_ = closed_ = true;
        call("close", edge_->close());
    }

    void end() {
        if (!closed_) close();
        wait_for([&] { return pending_.empty(); });
        back_.reset();
        if (fault_.empty() && clock_.next_due() >= 0s) blame("an alarm is left");
        for (int step = 0; step < 1000; ++step)  // what is left of shells goes on
            if (!let_something_happen()) break;
        for (const auto& [name, starts] : settled_)
            if (machine_.attempt(name).starts != starts)
                blame(name + " started after it was said that it never would");
    }

    void call(const std::string& name, async<void> work) {
        pending_.insert(name);
        weft::os::spawn(ended(name, std::move(work)));
    }

    async<void> ended(std::string name, async<void> work) {
        tell("-- " + name);
        try {
            co_await std::move(work);
        } catch (const weft::engine::place_error& error) {
            tell("-- " + name + " failed: " + error.what());
            const bool may = closing_ || name == "open" || error.event() == place_event::restored ||
                             (error.event() == place_event::lost ? may_be_lost() : machine_.withheld());
            if (!may) blame(name + " failed: " + error.what());
        } catch (const std::exception& error) {
            blame(name + " threw " + error.what());
        }
        tell("-- ended: " + name);
        pending_.erase(name);
        // The engine goes on in the middle of the host's own work.
        if (!calm_ && !closing_ && fault_.empty() && machine_.chance(20)) act();
    }

    /// Beside the end of the run: it was away for as long as it may, or owed an answer.
    bool may_be_lost() const {
        return closing_ || machine_.withheld() || clock_.now() - away_at_ >= deadline - 1s;
    }

    async<void> open() {
        co_await edge_->open();
        opened_ = true;
    }

    /// Something that the engine may do.
    void act() {
        if (machine_.chance(2)) return interrupt();
        if (opened_ && !closing_ && machine_.chance(1)) return close();
        if (machine_.chance(4) && !back_) {
            host_.go_away();
            tell("-- away");
            back_ = clock_.after(std::chrono::milliseconds(machine_.below(40000)), [this] {
                tell("-- back");
                host_.come_back();
            });
        }
        if (!opened_ || closing_) return;
        const std::string number = std::to_string(++calls_);
        switch (machine_.below(12)) {
            case 0:
                return call("match " + number, match());
            case 1:
                return call("rename " + number, edge_->rename("/s/run/a", "/s/run/b"));
            case 2:
                return call("remove " + number, edge_->remove("/s/run/a"));
            case 3:
                return call("salvage " + number, salvage());
            case 4:
                return call("tail " + number, tail());
            case 5:
                return call("send " + number, send());
            case 6:
                return call("remove_if_empty " + number, edge_->remove_if_empty("/s/run"));
            case 7:
                if (!running_.empty()) stop(*running_.begin());
                return;
            case 8:
                return call("attach " + number, attach("/s/run/attach" + number));
            default:
                return call("run " + number, run("/s/run/run" + number));
        }
    }

    // GCC 12 wants no temporaries in an expression with co_await.
    async<void> match() {
        std::string directory = "/s/run/a";
        std::string pattern = "f";
        const auto found = co_await edge_->match(std::move(directory), std::move(pattern), false);
        if (found.size() != 1 || found.front() != "f") blame("match has a wrong answer");
    }
    async<void> salvage() {
        std::string directory = "/s/run/a";
        std::string path = "f";
        const auto size = co_await edge_->salvage(std::move(directory), std::move(path));
        if (size != 5) blame("salvage has a wrong answer");
    }
    async<void> tail() {
        std::string file = "/s/run/a";
        const std::string end = co_await edge_->tail(std::move(file), 10);
        if (end != "0") blame("tail has a wrong answer");
    }
    async<void> send() {
        auto pipe = std::make_shared<weft::os::memory_pipe>();
        weft::os::pipe_writer sink(std::move(pipe));
        std::string directory = "/s/run/a";
        std::vector<std::string> paths(1, "f");
        co_await edge_->send(std::move(directory), std::move(paths), {}, std::move(sink));
    }

    async<void> run(std::string scratch) {
        weft::engine::attempt what = attempt_in(scratch);
        true_attempt& truth = machine_.attempt(scratch);
        truth.endless = machine_.chance(20);
        if (machine_.chance(30)) edge_->expect(scratch);
        running_.insert(scratch);
        const outcome end = co_await edge_->run(what);
        running_.erase(scratch);
        check(scratch, end);
        if (end.how == outcome::kind::never_began && truth.starts != 0) blame(scratch + " began");
    }

    /// An attempt of an earlier process, in any state.
    async<void> attach(std::string scratch) {
        weft::engine::attempt what = attempt_in(scratch);
        true_attempt& truth = machine_.attempt(scratch);
        if (machine_.chance(80)) {
            truth.begun = truth.claimed = true;
            truth.starts = 1;
            truth.shell = std::make_shared<support::unruly_shell>();
            truth.shell->cut = true;
            if (machine_.chance(50))
                truth.runs = true;
            else if (machine_.chance(50))
                truth.code = machine_.below(3);
            else
                truth.runner_killed = true;
        }
        running_.insert(scratch);
        const outcome end = co_await edge_->attach(what);
        running_.erase(scratch);
        check(scratch, end);
        if (end.how == outcome::kind::never_began && truth.runs) blame(scratch + " still runs");
    }

    static weft::engine::attempt attempt_in(const std::string& scratch) {
        weft::engine::attempt what;
        what.task = scratch.substr(7);
        what.scratch = scratch;
        what.run = "run";
        what.script = "true";
        return what;
    }

    void check(const std::string& scratch, const outcome& end) {
        const true_attempt& truth = machine_.attempt(scratch);
        tell("-- " + scratch + ": kind " + std::to_string(static_cast<int>(end.how)) + ", code " +
             std::to_string(end.code) + ' ' + end.message);
        if (truth.starts > 1) blame(scratch + " was started twice");
        switch (end.how) {
            case outcome::kind::exited:
                if (truth.code != end.code) blame(scratch + " did not exit so");
                break;
            case outcome::kind::signalled:
                if (truth.code != end.code + 128) blame(scratch + " was not ended by that signal");
                break;
            case outcome::kind::not_started:
                if (truth.starts != 0) blame(scratch + " had started: " + end.message);
                settled_.emplace_back(scratch, truth.starts);
                break;
            case outcome::kind::never_began:
                settled_.emplace_back(scratch, truth.starts);
                break;
            case outcome::kind::lost:
                // Its runner was killed, or a shell whose connection broke had it never begin.
                if (machine_.end_arrived(truth)) blame(scratch + " had ended: " + end.message);
                if (!truth.runner_killed && (truth.starts != 0 || !truth.claimed) && !may_be_lost())
                    blame(scratch + " was not lost: " + end.message);
                break;
            default:
                blame(scratch + " has an impossible outcome");
        }
    }

    support::unruly_machine machine_;
    support::fake_clock clock_;
    support::unruly_host host_{machine_};
    std::unique_ptr<weft::remote::host> edge_;
    std::unique_ptr<weft::os::clock::alarm> back_;
    weft::os::clock::steady::time_point away_at_ = weft::os::clock::steady::time_point::max();
    std::multiset<std::string> pending_;
    std::set<std::string> running_;
    std::set<std::string> stopped_;
    std::vector<std::pair<std::string, unsigned>> settled_;
    std::string fault_;
    unsigned acts_ = machine_.below(15);
    unsigned calls_ = 0;
    std::size_t events_ = 0;
    bool calm_ = false;
    bool opened_ = false;
    bool closing_ = false;
    bool closed_ = false;
};

}  // namespace

TEST_CASE("a host's calls end and its outcomes are true, whatever its connections do") {
    const char* const one = std::getenv("WEFT_SEED");
    const char* const more = std::getenv("WEFT_SEEDS");
    const auto number = [](const char* text, unsigned otherwise) {
        return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
    };
    const unsigned first = number(one, 0);
    const unsigned last = first + number(more, one == nullptr ? 20000 : 1);
    for (unsigned seed = first; seed < last; ++seed) {
        INFO("WEFT_SEED=" << seed);
        const std::string fault = unruly_recovery(seed, last == first + 1).drive();
        REQUIRE(fault == "");
    }
}
