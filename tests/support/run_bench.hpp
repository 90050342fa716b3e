// SPDX-License-Identifier: MIT
// Runs of the engine over fakes.
#pragma once

#include "support/fake_clock.hpp"
#include "support/fake_place.hpp"
#include "support/plan_builder.hpp"

#include <weft/engine/workflow_run.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace support {

using namespace std::chrono_literals;
using weft::task_state;

/// A run over fakes: `here` and, when the plan has a host, `edge`.
struct run_bench {
    plan_builder plan;
    weft::plan::view view;
    fake_clock clock;
    fake_place here, edge;
    fake_stager stager;
    weft::engine::observer silent;
    weft::engine::settings how;
    std::unique_ptr<weft::engine::workflow_run> engine_run;
    std::optional<weft::report> result;
    weft::os::completion<bool> ended;

    run_bench() {
        how.run = "run-1";
        how.grace = 5s;
        how.results = "/results";
    }

    void start() {
        view = plan.view();
        std::vector<weft::engine::place> places(1);
        places[0].directory = "/tmp/run-1";
        places[0].tasks = &here;
        places[0].contents = &here;
        for (weft::plan::index host = 0; host < view.hosts.size(); ++host) {
            auto& place = places.emplace_back();
            place.host = host;
            place.name = view.hosts[host];
            place.directory = "/scratch/run-1";
            place.tasks = &edge;
            place.contents = &edge;
        }
        engine_run = std::make_unique<weft::engine::workflow_run>(view, how, places, stager, clock, silent);
        weft::os::spawn(drive());
    }
    weft::os::async<void> drive() {
        result = co_await engine_run->run();
        ended.set(true);
    }
    task_state status(const char* task) const { return (*result)[task].status; }
};

/// A run over fakes with a host of two machines, `one` and `two`.
struct several_machines : run_bench {
    fake_place one, two;

    void start() {
        view = plan.view();
        std::vector<weft::engine::place> places(3);
        places[0].tasks = &here, places[0].contents = &here, places[0].directory = "/tmp/run-1";
        for (const std::size_t i : {1u, 2u}) {
            places[i].host = 0;
            places[i].name = i == 1 ? "workers@one" : "workers@two";
            places[i].directory = "/scratch/run-1";
            places[i].tasks = i == 1 ? &one : &two;
            places[i].contents = i == 1 ? &one : &two;
        }
        engine_run = std::make_unique<weft::engine::workflow_run>(view, how, places, stager, clock, silent);
        weft::os::spawn(drive());
    }
};

inline std::vector<std::string> names(const fake_place& place) {
    std::vector<std::string> result;
    for (const auto& attempt : place.started) result.push_back(attempt.task);
    return result;
}

}  // namespace support
