// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/results.hpp>
#include <weft/engine/workflow_run.hpp>
#include <weft/text/wanted_path.hpp>

#include <exception>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

// What a task leaves: whether it is what was promised, and the way home.

namespace weft::engine {

namespace detail {

/// The reason of a task that finished, whose outputs were lost on the way home.
WEFT_INLINE std::string not_brought_home(const std::string& why) {
    return "it finished, but what it left cannot be brought home: " + why;
}

}  // namespace detail

WEFT_INLINE os::async<void> workflow_run::check_outputs(plan::index task,
                                                        std::optional<std::size_t> missing) {
    place& at = *tasks_[task].at;
    const std::string scratch = report_.tasks[task].scratch;
    const auto all = plan::rows(plan_.paths, plan_.tasks[task].outputs);
    for (std::size_t number = missing.value_or(0); number < all.size(); ++number) {
        const text::wanted_path promised = text::wanted(all[number]);
        const auto found = co_await at.contents->match(scratch, promised.text, promised.glob);
        if (found.empty())
            throw place_error("it left no '" + promised.text + "', which it promised, in " +
                              at.show(scratch));
    }
}

WEFT_INLINE os::async<workflow_run::found_paths> workflow_run::find_collected(plan::index task) {
    place& at = *tasks_[task].at;
    const std::string scratch = report_.tasks[task].scratch;
    found_paths all;
    for (const std::string_view path : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        const text::wanted_path collected = text::wanted(path);
        auto paths = co_await at.contents->match(scratch, collected.text, collected.glob);
        if (paths.empty())
            throw place_error("it left no '" + collected.text + "' to collect in " + at.show(scratch));
        all.push_back(std::move(paths));
    }
    co_return all;
}

/// All that the task's patterns name arrives first, then it takes the place of what an earlier attempt left
/// there: each path in one step, so that a run that is cut off leaves nothing half-written.
WEFT_INLINE os::async<void> workflow_run::collect(plan::index task, found_paths found) {
    const std::string name = report_.tasks[task].name;
    const std::string arrival = arrival_of(how_.results, how_.run, name, how_.session);
    std::exception_ptr trouble;
    try {
        std::vector<os::path_below> arrived = co_await fetch_collected(task, arrival, found);
        co_await replace_results(task, arrival, std::move(arrived));
    } catch (...) {
        trouble = std::current_exception();
    }
    std::string path = arrival;
    co_await places_.front().contents->remove(std::move(path));
    if (trouble) std::rethrow_exception(trouble);
}

WEFT_INLINE os::async<std::vector<os::path_below>> workflow_run::fetch_collected(plan::index task,
                                                                                 std::string arrival,
                                                                                 const found_paths& found) {
    place& at = *tasks_[task].at;
    std::vector<os::path_below> arrived;
    for (const std::vector<std::string>& paths : found) {
        // Each pattern by itself: a single large file is then one that can be gone on with.
        const std::string directory = arrival + '/' + std::to_string(&paths - found.data());
        std::vector<std::string> wanted = paths;
        co_await mover_.copy(*at.contents, report_.tasks[task].scratch, std::move(wanted),
                             *places_.front().contents, directory, staging_stop_.get_token());
        for (const std::string& path : paths) arrived.push_back({directory, path});
    }
    co_return arrived;
}

WEFT_INLINE os::async<void> workflow_run::replace_results(plan::index task, std::string arrival,
                                                          std::vector<os::path_below> arrived) {
    files& here = *places_.front().contents;
    const std::string name = report_.tasks[task].name;
    const std::string target = how_.results + '/' + name;
    std::vector<std::string> old;
    for (const std::string_view wanted : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        if (!text::is_glob(wanted)) continue;
        std::string pattern(wanted);
        const std::vector<std::string> found = co_await here.match(target, std::move(pattern), true);
        old.insert(old.end(), found.begin(), found.end());
    }
    std::vector<std::string> paths;
    for (const os::path_below& one : arrived) paths.push_back(one.path);
    std::vector<std::string> stale = not_arrived(std::move(old), paths);
    std::string trash = arrival + "/replaced";
    co_await here.replace(std::move(arrived), target, std::move(stale), std::move(trash));
    for (const std::string& path : paths) listener_.collected(name, path, target + '/' + path);
}

/// What runs that were cut off, earlier sessions of this one among them, left on the way to the results.
WEFT_INLINE os::async<void> workflow_run::remove_old_arrivals() {
    if (how_.results.empty()) co_return;
    for (std::string& path : old_arrivals(how_.results))
        co_await places_.front().contents->remove(std::move(path));
}

}  // namespace weft::engine
