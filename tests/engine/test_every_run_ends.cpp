// SPDX-License-Identifier: MIT
// Every run ends, whatever its places do. Each run is random: WEFT_SEED=<number> runs that seed alone and
// prints its events, WEFT_SEEDS=<number> sets the number of runs.
#include <weft/engine/workflow_run.hpp>

#include "support/fake_clock.hpp"
#include "support/fake_recorder.hpp"
#include "support/plan_builder.hpp"
#include "support/unruly_place.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using support::unruly_place;
using support::unruly_world;
using weft::task_state;
using state = weft::engine::past_attempt::state;

namespace {

/// A disk that may be full.
class unruly_recorder final : public support::fake_recorder {
public:
    unruly_recorder(unruly_world& world, std::vector<std::string> tasks)
        : fake_recorder(std::move(tasks)), world_(world) {}

    weft::os::async<weft::engine::fingerprint> identify(weft::plan::index, const weft::engine::place&,
                                                        const weft::report&,
                                                        const weft::engine::functions*) override {
        co_await world_.answer();
        co_return weft::engine::fingerprint{{"command", world_.chance(10) ? "changed" : "same"}};
    }
    weft::os::async<void> durable() override {
        if (world_.chance(world_.late())) co_await world_.wait();
        if (world_.chance(world_.bad() / 4)) throw weft::engine::place_error("the disk is full");
    }

private:
    unruly_world& world_;
};

class unruly_stager final : public weft::engine::stager {
public:
    explicit unruly_stager(unruly_world& world) : world_(world) {}
    weft::os::async<void> copy(weft::engine::files&, std::string, std::vector<std::string>,
                               weft::engine::files&, std::string, std::stop_token) override {
        return world_.answer();
    }

private:
    unruly_world& world_;
};

/// Prints the events of the run of WEFT_SEED.
class teller final : public weft::engine::observer {
public:
    void task_changed(const weft::task_report& row, task_state now) override {
        tell(row.name + ' ' + std::string(to_string(now)) + ' ' + row.reason);
    }
    void host_failed(std::string_view, std::string_view message) override { tell(std::string(message)); }
    void decided(std::string_view task, std::string_view what, std::string_view why) override {
        tell(std::string(task) + " is decided: " + std::string(what) + ", " + std::string(why));
    }
    void note(std::string_view message) override { tell(std::string(message)); }

private:
    static void tell(const std::string& line) { std::cerr << line << '\n'; }
};

/// A run and its simulated environment.
class unruly_run {
public:
    explicit unruly_run(unsigned seed) : world_(seed), stager_(world_) {
        how_.run = "run-1";
        how_.grace = 5s;
        how_.results = "/nowhere/results";
        how_.fail_fast = world_.chance(15);
        how_.keep = world_.chance(15);
        add_hosts();
        add_tasks();
        if (world_.chance(60)) record();
    }

    /// Delivers events until the run has ended. Returns the error, "" on success.
    std::string drive(weft::engine::observer& listener) {
        view_ = plan_.view();
        executor_ =
            std::make_unique<weft::engine::workflow_run>(view_, how_, rows_, stager_, clock_, listener);
        weft::os::spawn(run());
        for (int events = 0; !result_; ++events) {
            if (events == 20000) return "it does not end after 20000 events";
            if (!deliver_event()) return "no event is left: " + unsettled();
        }
        return fault();
    }

private:
    weft::os::async<void> run() { result_ = co_await executor_->run(); }

    unruly_place& add_place(weft::plan::index host, std::string name) {
        unruly_place& made = places_.emplace_back(world_, name);
        weft::engine::place& row = rows_.emplace_back();
        row.host = host;
        row.name = host == weft::plan::none ? "" : name;
        row.directory = "/scratch/run-1";
        row.tasks = &made;
        row.contents = &made;
        row.patience = 60s;
        return made;
    }

    void add_hosts() {
        add_place(weft::plan::none, "here");
        hosts_ = world_.below(3);
        for (unsigned host = 0; host < hosts_; ++host) {
            const std::string name = "host" + std::to_string(host);
            const auto row = plan_.host(name);
            for (unsigned machine = 0; machine <= world_.below(3); ++machine)
                add_place(row, name + '@' + std::to_string(machine));
        }
    }

    void add_tasks() {
        const unsigned count = 1 + world_.below(8);
        for (unsigned task = 0; task < count; ++task) {
            const std::string name = "t" + std::to_string(task);
            const bool local = hosts_ == 0 || world_.chance(30);
            plan_.task(name, local ? weft::plan::none : static_cast<weft::plan::index>(world_.below(hosts_)));
            for (const std::string& before : names_) {
                if (!world_.chance(25)) continue;
                if (world_.chance(50))
                    plan_.after(before);
                else
                    plan_.refers(before, world_.chance(30) ? "*.txt" : "f.txt");
            }
            if (world_.chance(20)) plan_.outputs("o*");
            if (world_.chance(30)) plan_.collect(world_.chance(50) ? "c*" : "c");
            weft::plan::policy& policy = plan_.policy();
            policy.attempts = 1 + world_.below(3);
            policy.retry_delay = std::chrono::milliseconds(world_.below(2) * 1000);
            policy.time_limit = std::chrono::milliseconds(world_.below(3) * 10000);
            policy.cpus = 1 + world_.below(4);
            policy.memory = world_.below(4) * 40;
            names_.push_back(name);
        }
    }

    /// The journal of a first or later session.
    void record() {
        record_ = std::make_unique<unruly_recorder>(world_, names_);
        how_.record = record_.get();
        how_.session = 1 + world_.below(2);
        if (how_.session == 1) return;
        const auto view = plan_.view();
        for (std::size_t task = 0; task < names_.size(); ++task) {
            constexpr state states[] = {state::begun, state::failed, state::finished, state::finished};
            if (world_.chance(20)) continue;
            std::string host;
            for (const auto& row : rows_)
                if (row.host == view.tasks[task].host) host = row.name;
            auto& left = record_->left(names_[task], states[world_.below(4)], host);
            left.made_of = {{"command", "same"}};
            left.collected = world_.chance(50);
            left.removed = world_.chance(20);
            left.pre_journaled = world_.chance(10);
        }
    }

    /// Delivers one event; false when no event is left although the run has not ended.
    bool deliver_event() {
        if (stops_ < 3 && world_.chance(1)) return stop();
        for (unruly_place& at : places_)
            if (world_.chance(world_.bad() / 8)) at.cut();
        std::vector<std::function<void()>> events;
        if (world_.any_waits()) events.push_back([&] { world_.let_one_go_on(); });
        for (unruly_place& at : places_) {
            if (at.any_ends()) events.push_back([&at] { at.end_one(); });
            if (at.is_cut()) events.push_back([&] { world_.chance(50) ? at.come_back() : at.lose(); });
        }
        const auto due = clock_.next_due();
        if (due >= 0s && (events.empty() || world_.chance(10)))
            events.assign(1, [this, due] { clock_.advance(due); });
        // A command that ends only when stopped: stop the run, as a user would.
        if (events.empty()) return stops_ < 3 && stop();
        events[world_.below(static_cast<unsigned>(events.size()))]();
        return true;
    }

    bool stop() {
        ++stops_;
        executor_->stop();
        return true;
    }

    std::string unsettled() const { return std::to_string(stops_) + " stops"; }

    std::string fault() const {
        for (const unruly_place& at : places_) {
            if (!at.trouble.empty()) return at.trouble;
            if (!at.closed) return "a place was not closed";
        }
        if (clock_.next_due() >= 0s) return "an alarm is left";
        for (const auto& task : result_->tasks) {
            if (task.status < task_state::finished) return task.name + " is in no final state";
            if (task.status == task_state::failed && task.reason.empty()) return task.name + " has no reason";
            if (task.reason.find("bug in weft") != std::string::npos) return task.name + ": " + task.reason;
        }
        return {};
    }

    unruly_world world_;
    support::plan_builder plan_;
    weft::plan::view view_;
    support::fake_clock clock_;
    std::list<unruly_place> places_;
    std::vector<weft::engine::place> rows_;
    std::vector<std::string> names_;
    unsigned hosts_ = 0;
    unsigned stops_ = 0;
    unruly_stager stager_;
    weft::engine::settings how_;
    std::unique_ptr<unruly_recorder> record_;
    std::unique_ptr<weft::engine::workflow_run> executor_;
    std::optional<weft::report> result_;
};

}  // namespace

TEST_CASE("every run ends, whatever its places do") {
    const char* const one = std::getenv("WEFT_SEED");
    const char* const more = std::getenv("WEFT_SEEDS");
    const auto number = [](const char* text, unsigned otherwise) {
        return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
    };
    const unsigned first = number(one, 0);
    const unsigned last = first + number(more, one == nullptr ? 5000 : 1);
    weft::engine::observer silent;
    teller loud;
    for (unsigned seed = first; seed < last; ++seed) {
        INFO("WEFT_SEED=" << seed);
        const std::string fault = unruly_run(seed).drive(last == first + 1 ? loud : silent);
        REQUIRE(fault == "");
    }
}
