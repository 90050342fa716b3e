// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/machine_name.hpp>
#include <weft/engine/observers.hpp>
#include <weft/engine/parameters.hpp>
#include <weft/engine/results.hpp>
#include <weft/engine/workflow_run.hpp>
#include <weft/journal/run_record.hpp>
#include <weft/journal/state.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/local/machine.hpp>
#include <weft/os/reactor.hpp>
#include <weft/remote/host.hpp>
#include <weft/transfer/archive_stager.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace weft {

namespace detail {

/// How long a run may take to end after the second Ctrl-C.
inline constexpr std::chrono::seconds last_patience{2};

/// `<workflow>-<date>-<time>-<random>`: sorts by time, and nobody can guess it to plant something under it.
WEFT_INLINE std::string run_name(std::string_view workflow) {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm local{};
    ::localtime_r(&now, &local);
    char date[32];
    std::strftime(date, sizeof date, "%Y%m%d-%H%M%S", &local);
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device random;
    std::string suffix;
    for (int i = 0; i < 10; ++i) suffix += letters[random() % letters.size()];
    return std::string(workflow) + '-' + date + '-' + suffix;
}

/// The places of a run, with what they are made of: this machine first, then every machine of every host.
struct places {
    std::vector<engine::place> rows;
    std::unique_ptr<local::machine> here;
    std::vector<std::unique_ptr<remote::host>> hosts;
};

/// A directory of this machine as it is from anywhere; `option` is where to give another.
WEFT_INLINE std::string absolute(const std::string& directory, const char* option) {
    std::error_code error;
    const auto whole = std::filesystem::absolute(directory, error);
    if (error)
        throw options_error("the directory '" + directory +
                            "' cannot be found from here, the current directory is gone: give an absolute "
                            "path with " +
                            option);
    return whole.lexically_normal().string();
}

WEFT_INLINE bool collects(const plan::view& what) {
    return std::any_of(what.tasks.begin(), what.tasks.end(),
                       [](auto& row) { return row.collected.count != 0; });
}

/// Where outputs are collected, "" when none are. It is made now: nobody likes to hear at the end of a long
/// run that its results could not be kept.
WEFT_INLINE std::string results_directory(const plan::view& what, const options& how) {
    if (!collects(what)) return {};
    std::string directory = absolute(how.results, "--results");
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error && ::access(directory.c_str(), W_OK | X_OK) != 0) error.assign(errno, std::generic_category());
    if (error)
        throw options_error("the results directory " + directory + " cannot be written (" + error.message() +
                            "): give another with --results");
    return directory;
}

/// Removes a directory at the end that was not there at the beginning, if nothing came into it.
class removed_if_unused {
public:
    explicit removed_if_unused(const std::string& path)
        : path_(path.empty() || std::filesystem::exists(std::filesystem::symlink_status(path)) ? "" : path) {}
    removed_if_unused(const removed_if_unused&) = delete;
    removed_if_unused& operator=(const removed_if_unused&) = delete;
    ~removed_if_unused() {
        if (!path_.empty()) ::rmdir(path_.c_str());
    }

private:
    std::string path_;
};

WEFT_INLINE std::string absolute_scratch(const std::string& base, std::string_view host) {
    if (base.empty() || base.front() != '/')
        throw options_error("host '" + std::string(host) + "': scratch '" + base +
                            "' must be an absolute path there");
    return base;
}

/// How many references of the plan cross the border of a host.
WEFT_INLINE std::size_t transfers(const plan::view& what, plan::index host) {
    return static_cast<std::size_t>(
        std::count_if(what.references.begin(), what.references.end(), [&](const auto& row) {
            const plan::index from = what.tasks[row.producer].host;
            const plan::index to = what.tasks[row.consumer].host;
            return from != to && (from == host || to == host);
        }));
}

/// Whether a task of the host may have more than one attempt.
WEFT_INLINE bool is_tried_again(const plan::view& what, plan::index host) {
    for (plan::index task = 0; task < what.tasks.size(); ++task)
        if (what.tasks[task].host == host && what.policies[task].attempts > 1) return true;
    return false;
}

WEFT_INLINE places make_places(const plan::view& what, const options& how, const std::string& run,
                               os::reactor& reactor) {
    for (const host_binding& binding : how.hosts)
        if (std::find(what.hosts.begin(), what.hosts.end(), binding.name) == what.hosts.end())
            throw options_error("workflow '" + std::string(what.name) + "' has no host '" + binding.name +
                                "' (it has: " + engine::listed(what.hosts, [](auto& name) { return name; }) +
                                ")");
    places made;
    engine::place& here = made.rows.emplace_back();
    const std::string directory = here.directory = absolute(how.scratch, "--scratch") + '/' + run;
    made.here = std::make_unique<local::machine>(reactor, run, here.directory);
    here.slots = how.jobs;
    here.memory = how.memory;
    here.patience = how.host_deadline;
    here.tasks = made.here.get();
    here.contents = made.here.get();

    for (plan::index host = 0; host < what.hosts.size(); ++host) {
        const std::string name(what.hosts[host]);
        std::vector<ssh_host> machines;
        for (const host_binding& binding : how.hosts)
            if (binding.name == name) machines.push_back(binding.host);
        const std::size_t streams = std::min<std::size_t>(2, transfers(what, host));
        if (machines.empty()) machines.emplace_back();  // an alias of ~/.ssh/config
        std::set<std::string> names;
        for (const ssh_host& machine : machines)
            if (!names.insert(engine::machine_name(name, machines, machine)).second)
                throw options_error("host '" + name + "' has the machine '" +
                                    (machine.address.empty() ? name : machine.address) + "' twice");
        const std::vector<ssh_host> all = machines;
        for (ssh_host& machine : machines) {
            engine::place& row = made.rows.emplace_back();
            row.host = host;
            row.name = engine::machine_name(name, all, machine);
            row.machine = (machine.user.empty() ? "" : machine.user + '@') + machine.address +
                          (machine.port == 0 ? "" : ':' + std::to_string(machine.port));
            const std::string base =
                absolute_scratch(machine.scratch.empty() ? how.scratch : machine.scratch, name);
            row.directory = base + '/' + run;
            row.slots = machine.slots;
            row.memory = machine.memory;
            machine.scratch = base;
            // An alias of ~/.ssh/config beside other machines: its name here is not the alias.
            if (machine.address.empty() && row.name != name) machine.address = name;
            if (machine.deadline.count() == 0) machine.deadline = how.host_deadline;
            row.patience = machine.deadline;
            auto& place = made.hosts.emplace_back(std::make_unique<remote::host>(
                reactor, row.name, std::move(machine), run, streams, directory));
            if (is_tried_again(what, host)) place->insist();
            row.tasks = place.get();
            row.contents = place.get();
        }
    }
    return made;
}

/// What a run that is recorded begins with: its journal, and what is in it already.
struct recording {
    journal::history past;
    std::optional<journal::journal_file> file;
};

/// Where relative paths begin; empty when that is gone: then none may be used.
WEFT_INLINE std::string base_directory(const options& how) {
    try {
        return engine::absolute_path(".", how.directory);
    } catch (const options_error&) {
        return {};
    }
}

/// Takes up the journal of the run that the options want to go on with, which must not be under way.
WEFT_INLINE recording take_journal(const plan::view& what, const options& how) {
    recording made;
    if (how.state.empty() || how.resume.empty()) return made;
    made.file = journal::journal_file::take(
        journal::run_directory(absolute(how.state, "--state"), what.name, how.resume));
    const std::string text = made.file->text();
    made.past = journal::read_history(text, made.file->path());
    if (made.past.workflow != what.name)
        throw journal::journal_error("run " + how.resume + " is of workflow '" + made.past.workflow +
                                     "', not of '" + std::string(what.name) + "'");
    if (made.past.whole != text.size()) made.file->keep_only(made.past.whole);
    return made;
}

/// Writes down that a session begins, of a new run when there is none to go on with; before anything else is
/// done.
WEFT_INLINE void begin_session(recording& made, const plan::view& what, const options& how,
                               const std::string& run, const std::string& relative_to) {
    if (how.state.empty()) return;
    journal::history& past = made.past;
    if (!made.file) {
        const std::string base = absolute(how.state, "--state");
        past.workflow = what.name;
        past.run = run;
        past.sequence = journal::next_sequence(base, what.name);
        past.shape = journal::shape_of(what);
        for (const plan::task& task : what.tasks) past.tasks.emplace_back(task.name);
        made.file = journal::journal_file::create(journal::run_directory(base, what.name, run),
                                                  journal::header_line(past));
    }
    const auto number = static_cast<unsigned>(past.sessions.size() + 1);
    options told = how;
    told.directory = relative_to;
    told.scratch = absolute(how.scratch, "--scratch");
    if (collects(what)) told.results = absolute(how.results, "--results");
    try {
        made.file->append(journal::session_line(journal::this_session(number, told)));
        made.file->sync();
    } catch (const std::system_error& error) {
        throw journal::journal_error(std::string("the run cannot be recorded: ") + error.what());
    }
    past.sessions.push_back(journal::this_session(number, told));
}

}  // namespace detail

WEFT_INLINE report run_plan(const plan::view& what, const options& how,
                            std::span<engine::observer* const> listeners, engine::functions* calls) {
    engine::settings settings;
    settings.run = how.resume.empty() ? detail::run_name(what.name) : how.resume;
    settings.parameters = engine::parameter_values(what, how);
    settings.hidden = engine::secrets(what);
    if (calls != nullptr) calls->begin(settings.parameters);
    settings.calls = calls;
    settings.grace = how.grace;
    settings.keep = how.keep;
    settings.fail_fast = how.fail_fast;
    settings.values_wanted = !how.handle_signals;  // a program hands no values to anybody

    os::reactor reactor;
    const detail::places places = detail::make_places(what, how, settings.run, reactor);
    settings.directory = detail::base_directory(how);
    const detail::removed_if_unused results(
        detail::collects(what) ? detail::absolute(how.results, "--results") : "");
    settings.results = detail::results_directory(what, how);
    detail::recording recording = detail::take_journal(what, how);
    const engine::results_lock lock =
        settings.results.empty() ? engine::results_lock() : engine::results_lock(settings.results);
    detail::begin_session(recording, what, how, settings.run, settings.directory);
    std::optional<journal::run_record> record;
    if (recording.file) {
        settings.session = static_cast<unsigned>(recording.past.sessions.size());
        record.emplace(reactor, what, settings.parameters, settings.directory, std::move(*recording.file),
                       std::move(recording.past));
        settings.record = &*record;
    }
    transfer::archive_stager mover;
    engine::observers all(listeners);
    for (const auto& host : places.hosts) host->listen(all);
    settings.log = how.on_message;
    if (!settings.log && !listeners.empty())
        settings.log = [&](std::string_view task, std::string_view message) {
            reactor.post([&all, task = std::string(task), message = std::string(message)] {
                all.said(task, message);
            });
        };
    engine::workflow_run executor(what, std::move(settings), places.rows, mover, reactor, all);

    const std::stop_callback stop(how.stop, [&] { reactor.post([&] { executor.stop(); }); });
    std::unique_ptr<os::clock::alarm> last_resort;
    std::unique_ptr<os::clock::alarm> signals;
    const auto interrupted = [&, count = 0](int) mutable {
        executor.stop();
        // What runs here has been killed by then; a host that does not answer is not waited for.
        if (++count == 2) last_resort = reactor.after(detail::last_patience, [] { std::_Exit(130); });
    };
    if (how.handle_signals) signals = reactor.on_signals({SIGINT, SIGTERM, SIGHUP}, interrupted);

    std::optional<report> result;
    const auto drive = [&]() -> os::async<void> { result = co_await executor.run(); };
    reactor.run(drive(), [&] { executor.strand(); });
    return *std::move(result);
}

}  // namespace weft
