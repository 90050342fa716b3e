// SPDX-License-Identifier: MIT
#pragma once

#include <weft/journal/journal_file.hpp>
#include <weft/journal/state.hpp>
#include <weft/os/process_table.hpp>
#include <weft/os/sha256.hpp>
#include <weft/text/name.hpp>

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

namespace weft::journal {

WEFT_INLINE std::string default_directory() {
    const char* const state = std::getenv("XDG_STATE_HOME");
    if (state != nullptr && *state == '/') return std::string(state) + "/weft";  // a relative path is invalid
    std::string home;
    if (const char* const variable = std::getenv("HOME"); variable != nullptr) home = variable;
    if (home.empty())
        if (const passwd* const account = ::getpwuid(::geteuid()); account != nullptr) home = account->pw_dir;
    if (home.empty() || home.front() != '/')
        throw journal_error(
            "there is no directory for the run's journal, since neither HOME nor XDG_STATE_HOME is set: use "
            "--state DIR or --no-journal");
    return home + "/.local/state/weft";
}

WEFT_INLINE std::string run_directory(const std::string& base, std::string_view workflow,
                                      std::string_view run) {
    return base + '/' + std::string(workflow) + '/' + std::string(run);
}

namespace detail {

/// The sequence is in the first line, before the tasks, so a long journal need not be read completely.
WEFT_INLINE std::uint64_t sequence_in(const std::string& file) {
    char start[4096];
    const os::descriptor journal(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    const ssize_t size = journal ? ::read(journal.get(), start, sizeof start) : 0;
    const std::string_view text(start, size < 0 ? 0 : static_cast<std::size_t>(size));
    constexpr std::string_view name = "\"sequence\":";
    const auto at = text.find(name);
    std::uint64_t value = 0;
    if (at != text.npos) std::from_chars(text.data() + at + name.size(), text.data() + text.size(), value);
    return value;
}

}  // namespace detail

WEFT_INLINE std::vector<entry> runs_of(const std::string& base, std::string_view workflow) {
    std::vector<entry> found;
    std::error_code error;
    for (std::filesystem::directory_iterator each(base + '/' + std::string(workflow), error), end;
         !error && each != end; each.increment(error)) {
        entry one{each->path().filename().string(), each->path().string()};
        if (!text::is_name(one.run) || !std::filesystem::exists(journal_path(one.directory))) continue;
        one.sequence = detail::sequence_in(journal_path(one.directory));
        found.push_back(std::move(one));
    }
    if (error && error != std::errc::no_such_file_or_directory)
        throw journal_error("the directory of journals " + base + '/' + std::string(workflow) +
                            " cannot be read (" + error.message() + "): choose another with --state");
    // Order by sequence, since the clock may have been set back.
    std::sort(found.begin(), found.end(), [](const entry& a, const entry& b) {
        return std::tie(a.sequence, a.run) > std::tie(b.sequence, b.run);
    });
    return found;
}

namespace detail {

/// The workflow that has a run of this name; empty: none.
WEFT_INLINE std::string workflow_of(const std::string& base, std::string_view run) {
    if (!text::is_name(run)) return {};
    std::error_code error;
    for (std::filesystem::directory_iterator each(base, error), end; !error && each != end;
         each.increment(error))
        if (std::filesystem::exists(each->path() / run, error)) return each->path().filename().string();
    return {};
}

}  // namespace detail

WEFT_INLINE entry find_run(const std::string& base, std::string_view workflow, std::string_view name) {
    std::vector<entry> all = runs_of(base, workflow);
    if (const std::string other = detail::workflow_of(base, name); !other.empty() && other != workflow)
        throw journal_error("run " + std::string(name) + " is of workflow '" + other + "', not of '" +
                            std::string(workflow) + '\'');
    if (all.empty())
        throw journal_error("there is no run of workflow '" + std::string(workflow) + "' in " + base);
    if (name.empty()) return all.front();
    std::vector<entry> fit;
    for (const entry& one : all) {
        if (name == one.run) return one;
        if (std::string_view(one.run).substr(one.run.rfind('-') + 1).starts_with(name)) fit.push_back(one);
    }
    if (fit.size() == 1) return fit.front();
    throw journal_error("there " + std::string(fit.empty() ? "is no run '" : "are several runs '") +
                        std::string(name) + "' of workflow '" + std::string(workflow) + "'; the newest is " +
                        all.front().run + ", the command `runs` lists all");
}

WEFT_INLINE history read_run(const entry& which) {
    return read_history(journal_text(which.directory), journal_path(which.directory));
}

WEFT_INLINE std::uint64_t next_sequence(const std::string& base, std::string_view workflow) {
    const std::vector<entry> all = runs_of(base, workflow);
    return all.empty() ? 1 : all.front().sequence + 1;
}

WEFT_INLINE std::string shape_of(const plan::view& plan) {
    os::sha256 sum;
    for (const plan::task& task : plan.tasks) {
        sum.add(task.name);
        sum.add(std::string_view("\0", 1));
        for (const plan::index before : plan::rows(plan.predecessors, task.predecessors)) {
            sum.add(plan.tasks[before].name);
            sum.add(std::string_view("\1", 1));
        }
    }
    return sum.hex();
}

WEFT_INLINE session this_session(unsigned number, const options& options) {
    session result;
    result.number = number;
    result.process = ::getpid();
    result.started = os::process_start_time(::getpid());
    result.boot = os::boot_id();
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) == 0) result.machine = name;
    result.options = options;
    return result;
}

WEFT_INLINE bool is_alive(const session& which) {
    return which.boot == os::boot_id() && !which.started.empty() &&
           os::process_start_time(static_cast<pid_t>(which.process)) == which.started;
}

}  // namespace weft::journal
