// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/bindings.hpp>
#include <weft/cli/past_runs.hpp>
#include <weft/engine/parameters.hpp>
#include <weft/journal/journal_file.hpp>
#include <weft/journal/state.hpp>
#include <weft/launch/bindings_now.hpp>
#include <weft/show/log.hpp>

#include <fmt/format.h>
#include <sys/time.h>

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

namespace weft::cli {

namespace detail {

/// The run that `name` identifies; empty: the newest.
WEFT_INLINE journal::entry run_of(const plan::view& plan, const request& wanted, const std::string& name) {
    return journal::find_run(wanted.options.state, plan.name, name);
}

WEFT_INLINE std::string operand(const request& wanted) {
    return wanted.operands.empty() ? std::string() : wanted.operands.front();
}

/// `3 min ago`; empty for a time in the future.
WEFT_INLINE std::string age(const std::string& time) {
    std::tm utc{};
    if (::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) == nullptr) return {};
    const auto seconds = static_cast<long long>(std::time(nullptr) - ::timegm(&utc));
    if (seconds < 0) return {};
    if (seconds < 120) return fmt::format("{} s ago", seconds);
    if (seconds < 2 * 3600) return fmt::format("{} min ago", seconds / 60);
    if (seconds < 48 * 3600) return fmt::format("{} h ago", seconds / 3600);
    return fmt::format("{} days ago", seconds / 86400);
}

/// A UTC time of the journal in the log's format, as local time: `2026-11-23 11:18:45`.
WEFT_INLINE std::string shown_time(const std::string& time) {
    std::tm utc{};
    if (::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) == nullptr) return show::printable(time);
    const std::time_t seconds = ::timegm(&utc);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return text;
}

WEFT_INLINE std::string state_of(const journal::entry& run, const journal::history& past) {
    if (journal::is_being_written(run.directory)) return "under way";
    return past.ended.empty() ? "cut off" : past.ended;
}

/// Rows with columns of equal width, two spaces apart.
WEFT_INLINE std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width;
    for (const auto& row : rows)
        for (std::size_t at = 0; at < row.size(); ++at) {
            if (at == width.size()) width.push_back(0);
            width[at] = std::max(width[at], row[at].size());
        }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t at = 0; at < row.size(); ++at) line += fmt::format("{:<{}}  ", row[at], width[at]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

/// The task's reason, or else its signal: `signal 9`.
WEFT_INLINE std::string outcome(const journal::task_history& task) {
    if (!task.reason.empty()) return show::printable(task.reason);
    return task.signal == 0 ? std::string() : fmt::format("signal {}", task.signal);
}

}  // namespace detail

WEFT_INLINE options resumed(const plan::view& plan, const request& wanted) {
    const journal::entry run = detail::run_of(plan, wanted, detail::operand(wanted));
    const journal::history past = journal::read_run(run);
    const weft::options& recorded = past.last().options;
    weft::options options = wanted.options;
    options.resume = run.run;
    // Paths given now are relative to the current directory, those of the journal to the run's.
    engine::make_paths_absolute(plan, options.parameters, {});
    options.directory = recorded.directory;
    const auto given = [&](const char* option) { return wanted.given.contains(option); };
    if (!given("--scratch")) options.scratch = recorded.scratch;
    if (!given("--results")) options.results = recorded.results;
    if (!given("--jobs")) options.jobs = recorded.jobs;
    options.memory = recorded.memory;  // there is no option for it
    if (!given("--grace")) options.grace = recorded.grace;
    if (!given("--host-deadline")) options.host_deadline = recorded.host_deadline;
    options.keep = options.keep || recorded.keep;
    options.fail_fast = options.fail_fast || (recorded.fail_fast && !given("--keep-going"));
    for (const auto& [name, value] : recorded.parameters) {
        const bool known = std::any_of(plan.parameters.begin(), plan.parameters.end(),
                                       [&](const auto& row) { return row.name == name; });
        if (known) options.parameters.emplace(name, value);
    }
    std::vector<host_binding> before;
    for (const host_binding& binding : recorded.hosts)
        if (std::find(plan.hosts.begin(), plan.hosts.end(), binding.name) != plan.hosts.end())
            before.push_back(binding);
    options.hosts = launch::bindings_now(wanted.options.hosts, before);
    return options;
}

WEFT_INLINE std::string runs_text(const plan::view& plan, const request& wanted) {
    std::vector<std::vector<std::string>> rows{{"run", "state", "tasks", "began", "sessions"}};
    for (const journal::entry& run : journal::runs_of(wanted.options.state, plan.name)) {
        try {
            const journal::history past = journal::read_run(run);
            const auto finished = std::count_if(past.tasks.begin(), past.tasks.end(), [&](const auto& name) {
                return past.of_task.at(name).state == task_state::finished;
            });
            rows.push_back({run.run, detail::state_of(run, past),
                            fmt::format("{} of {} finished", finished, past.tasks.size()),
                            fmt::format("{} {}", detail::shown_time(past.time), detail::age(past.time)),
                            std::to_string(past.sessions.size())});
        } catch (const journal::journal_error&) {
            rows.push_back({run.run, "damaged", "", "", ""});
        }
    }
    if (rows.size() == 1)
        return fmt::format("no runs of workflow '{}' in {}\n", plan.name, wanted.options.state);
    return detail::table(rows);
}

WEFT_INLINE std::string status_text(const plan::view& plan, const request& wanted) {
    const journal::entry run = detail::run_of(plan, wanted, detail::operand(wanted));
    const journal::history past = journal::read_run(run);
    const std::string state = detail::state_of(run, past);
    std::string text = fmt::format("run {} of workflow '{}': {}\n", past.run, past.workflow, state);
    text += fmt::format("began {} {}; journal {}\n\n", detail::shown_time(past.time), detail::age(past.time),
                        journal::journal_path(run.directory));
    std::vector<std::vector<std::string>> rows{
        {"task", "state", "attempts", "host", "seconds", "scratch", ""}};
    for (const std::string& name : past.tasks) {
        const journal::task_history& task = past.of_task.at(name);
        const engine::past_attempt& newest = task.newest;
        std::string now(to_string(task.state));
        if (task.state == task_state::running && state != "under way") now = "cut off";
        const bool ran = newest.how != engine::past_attempt::state::none;
        const std::string place = newest.host.empty() ? "" : newest.host + ':';
        rows.push_back({name, now, ran ? std::to_string(newest.number) : "",
                        ran ? newest.host.empty() ? "here" : newest.host : "",
                        newest.elapsed.count() == 0
                            ? ""
                            : fmt::format("{:.3f}", std::chrono::duration<double>(newest.elapsed).count()),
                        newest.scratch.empty() ? ""
                        : newest.removed       ? "removed"
                                               : place + newest.scratch,
                        detail::outcome(task)});
    }
    return text + detail::table(rows);
}

}  // namespace weft::cli
