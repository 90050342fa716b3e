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

/// `<workflow>-<date>-<time>-<random>`: sorts by time, and cannot be guessed to create files in its place in
/// advance.
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

/// The places of a run and the objects behind them: this machine first, then every machine of every host.
struct places {
    std::vector<engine::place> rows;
    std::unique_ptr<local::machine> here;
    std::vector<std::unique_ptr<remote::host>> hosts;
};

/// The absolute path of a directory; messages name `option`, which sets it.
WEFT_INLINE std::string absolute(const std::string& directory, const char* option) {
    std::error_code error;
    const auto whole = std::filesystem::absolute(directory, error);
    if (error)
        throw options_error(
            "the directory '" + directory +
            "' is relative, but the current directory no longer exists: give an absolute path with " +
            option);
    return whole.lexically_normal().string();
}

WEFT_INLINE bool collects(const plan::view& plan) {
    return std::any_of(plan.tasks.begin(), plan.tasks.end(),
                       [](auto& row) { return row.collected.count != 0; });
}

/// The directory of collected outputs, "" when there are none. Created at the start, so that an error does
/// not surface only at the end of a long run.
WEFT_INLINE std::string results_directory(const plan::view& plan, const options& options) {
    if (!collects(plan)) return {};
    std::string directory = absolute(options.results, "--results");
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error && ::access(directory.c_str(), W_OK | X_OK) != 0) error.assign(errno, std::generic_category());
    if (error)
        throw options_error("the results directory " + directory + " cannot be written (" + error.message() +
                            "): choose another with --results");
    return directory;
}

/// Removes a directory that the run created if it is still empty at the end.
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
                            "' must be an absolute path on the host");
    return base;
}

/// How many references of the plan need a transfer to or from a host.
WEFT_INLINE std::size_t transfers(const plan::view& plan, plan::index host) {
    return static_cast<std::size_t>(
        std::count_if(plan.references.begin(), plan.references.end(), [&](const auto& row) {
            const plan::index from = plan.tasks[row.producer].host;
            const plan::index to = plan.tasks[row.consumer].host;
            return from != to && (from == host || to == host);
        }));
}

/// Whether a task of the host may have more than one attempt.
WEFT_INLINE bool is_tried_again(const plan::view& plan, plan::index host) {
    for (plan::index task = 0; task < plan.tasks.size(); ++task)
        if (plan.tasks[task].host == host && plan.policies[task].attempts > 1) return true;
    return false;
}

WEFT_INLINE places make_places(const plan::view& plan, const options& options, const std::string& run,
                               os::reactor& reactor) {
    for (const host_binding& binding : options.hosts)
        if (std::find(plan.hosts.begin(), plan.hosts.end(), binding.name) == plan.hosts.end())
            throw options_error("workflow '" + std::string(plan.name) + "' has no host '" + binding.name +
                                "' (it has: " + engine::listed(plan.hosts, [](auto& name) { return name; }) +
                                ")");
    places made;
    engine::place& here = made.rows.emplace_back();
    const std::string directory = here.directory = absolute(options.scratch, "--scratch") + '/' + run;
    made.here = std::make_unique<local::machine>(reactor, run, here.directory);
    here.slots = options.jobs;
    here.memory = options.memory;
    here.patience = options.host_deadline;
    here.tasks = made.here.get();
    here.contents = made.here.get();

    for (plan::index host = 0; host < plan.hosts.size(); ++host) {
        const std::string name(plan.hosts[host]);
        std::vector<ssh_host> machines;
        for (const host_binding& binding : options.hosts)
            if (binding.name == name) machines.push_back(binding.host);
        const std::size_t streams = std::min<std::size_t>(2, transfers(plan, host));
        if (machines.empty()) machines.emplace_back();  // an alias in ~/.ssh/config
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
                absolute_scratch(machine.scratch.empty() ? options.scratch : machine.scratch, name);
            row.directory = base + '/' + run;
            row.slots = machine.slots;
            row.memory = machine.memory;
            machine.scratch = base;
            // An alias in ~/.ssh/config beside other machines: the machine's name is not the alias.
            if (machine.address.empty() && row.name != name) machine.address = name;
            if (machine.deadline.count() == 0) machine.deadline = options.host_deadline;
            row.patience = machine.deadline;
            auto& place = made.hosts.emplace_back(std::make_unique<remote::host>(
                reactor, row.name, std::move(machine), run, streams, directory));
            if (is_tried_again(plan, host)) place->insist();
            row.tasks = place.get();
            row.contents = place.get();
        }
    }
    return made;
}

/// A run's journal and its contents at the start.
struct recording {
    journal::history past;
    std::optional<journal::journal_file> file;
};

/// The base of relative paths; empty when the current directory no longer exists and no relative path can be
/// used.
WEFT_INLINE std::string base_directory(const options& options) {
    try {
        return engine::absolute_path(".", options.directory);
    } catch (const options_error&) {
        return {};
    }
}

/// Opens the journal of the run to resume, which must not be in use.
WEFT_INLINE recording take_journal(const plan::view& plan, const options& options) {
    recording made;
    if (options.state.empty() || options.resume.empty()) return made;
    made.file = journal::journal_file::take(
        journal::run_directory(absolute(options.state, "--state"), plan.name, options.resume));
    const std::string text = made.file->text();
    made.past = journal::read_history(text, made.file->path());
    if (made.past.workflow != plan.name)
        throw journal::journal_error("run " + options.resume + " is of workflow '" + made.past.workflow +
                                     "', not of '" + std::string(plan.name) + "'");
    if (made.past.whole != text.size()) made.file->keep_only(made.past.whole);
    return made;
}

/// Journals the start of a session, of a new run unless one is resumed, before the run has any other effect.
WEFT_INLINE void begin_session(recording& made, const plan::view& plan, const options& options,
                               const std::string& run, const std::string& relative_to) {
    if (options.state.empty()) return;
    journal::history& past = made.past;
    if (!made.file) {
        const std::string base = absolute(options.state, "--state");
        past.workflow = plan.name;
        past.run = run;
        past.sequence = journal::next_sequence(base, plan.name);
        past.shape = journal::shape_of(plan);
        for (const plan::task& task : plan.tasks) past.tasks.emplace_back(task.name);
        made.file = journal::journal_file::create(journal::run_directory(base, plan.name, run),
                                                  journal::header_line(past));
    }
    const auto number = static_cast<unsigned>(past.sessions.size() + 1);
    weft::options recorded = options;
    recorded.directory = relative_to;
    recorded.scratch = absolute(options.scratch, "--scratch");
    if (collects(plan)) recorded.results = absolute(options.results, "--results");
    try {
        made.file->append(journal::session_line(journal::this_session(number, recorded)));
        made.file->sync();
    } catch (const std::system_error& error) {
        throw journal::journal_error(std::string("the run cannot be recorded: ") + error.what());
    }
    past.sessions.push_back(journal::this_session(number, recorded));
}

}  // namespace detail

WEFT_INLINE report run_plan(const plan::view& plan, const options& options,
                            std::span<engine::observer* const> listeners, engine::functions* calls) {
    engine::settings settings;
    settings.run = options.resume.empty() ? detail::run_name(plan.name) : options.resume;
    settings.parameters = engine::parameter_values(plan, options);
    settings.hidden = engine::secrets(plan);
    if (calls != nullptr) calls->begin(settings.parameters);
    settings.calls = calls;
    settings.grace = options.grace;
    settings.keep = options.keep;
    settings.fail_fast = options.fail_fast;
    settings.values_wanted = !options.handle_signals;  // a command-line program does not return values

    os::reactor reactor;
    const detail::places places = detail::make_places(plan, options, settings.run, reactor);
    settings.directory = detail::base_directory(options);
    const detail::removed_if_unused results(
        detail::collects(plan) ? detail::absolute(options.results, "--results") : "");
    settings.results = detail::results_directory(plan, options);
    detail::recording recording = detail::take_journal(plan, options);
    const engine::results_lock lock =
        settings.results.empty() ? engine::results_lock() : engine::results_lock(settings.results);
    detail::begin_session(recording, plan, options, settings.run, settings.directory);
    std::optional<journal::run_record> record;
    if (recording.file) {
        settings.session = static_cast<unsigned>(recording.past.sessions.size());
        record.emplace(reactor, plan, settings.parameters, settings.directory, std::move(*recording.file),
                       std::move(recording.past));
        settings.record = &*record;
    }
    transfer::archive_stager mover;
    engine::observers all(listeners);
    for (const auto& host : places.hosts) host->listen(all);
    settings.log = options.on_message;
    if (!settings.log && !listeners.empty())
        settings.log = [&](std::string_view task, std::string_view message) {
            reactor.post([&all, task = std::string(task), message = std::string(message)] {
                all.said(task, message);
            });
        };
    engine::workflow_run running(plan, std::move(settings), places.rows, mover, reactor, all);

    const std::stop_callback stop(options.stop, [&] { reactor.post([&] { running.stop(); }); });
    std::unique_ptr<os::clock::alarm> last_resort;
    std::unique_ptr<os::clock::alarm> signals;
    const auto interrupted = [&, count = 0](int) mutable {
        running.stop();
        // What runs here has been killed by then; a host that does not answer is not waited for.
        if (++count == 2) last_resort = reactor.after(detail::last_patience, [] { std::_Exit(130); });
    };
    if (options.handle_signals) signals = reactor.on_signals({SIGINT, SIGTERM, SIGHUP}, interrupted);

    std::optional<report> result;
    const auto drive = [&]() -> os::async<void> { result = co_await running.run(); };
    reactor.run(drive(), [&] { running.fail_stranded(); });
    return *std::move(result);
}

}  // namespace weft
