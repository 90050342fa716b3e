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

// A task's outputs: checking the declared ones, and collecting them.

namespace weft::engine {

namespace detail {

/// The reason for a task that finished but whose outputs could not be collected.
WEFT_INLINE std::string not_collected_text(const std::string& why) {
    return "it finished, but its outputs could not be collected: " + why;
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
            throw place_error("it did not create its declared output '" + promised.text + "' in " +
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
            throw place_error("it did not create '" + collected.text + "', which is to be collected, in " +
                              at.show(scratch));
        all.push_back(std::move(paths));
    }
    co_return all;
}

/// All matching files arrive first and then replace those of an earlier attempt. Each path is replaced
/// atomically, so that an interrupted run leaves no partial files.
WEFT_INLINE os::async<void> workflow_run::collect(plan::index task, found_paths found) {
    const std::string name = report_.tasks[task].name;
    const std::string arrival = arrival_of(settings_.results, settings_.run, name, settings_.session);
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
        // One copy per pattern: the transfer of a single large file can be resumed.
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
    const std::string target = settings_.results + '/' + name;
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

/// Removes the arrival directories of interrupted runs and of earlier sessions of this run.
WEFT_INLINE os::async<void> workflow_run::remove_old_arrivals() {
    if (settings_.results.empty()) co_return;
    for (std::string& path : old_arrivals(settings_.results))
        co_await places_.front().contents->remove(std::move(path));
}

}  // namespace weft::engine
