// SPDX-License-Identifier: MIT
#pragma once

#include <weft/journal/history.hpp>
#include <weft/journal/lines.ipp>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace weft::journal {

namespace detail {

WEFT_INLINE host_binding host_of(const json& object) {
    host_binding binding;
    binding.name = object.at("name").get<std::string>();
    ssh_host& host = binding.host;
    host.address = object.value("address", "");
    host.user = object.value("user", "");
    host.port = object.value("port", std::uint16_t{0});
    host.identity = object.value("identity", "");
    host.known_hosts = object.value("known_hosts", "");
    host.scratch = object.value("scratch", "");
    host.slots = object.value("slots", 0u);
    host.memory = object.value("memory", std::uint64_t{0});
    host.connect_timeout = std::chrono::milliseconds(object.value("connect_timeout_ms", std::int64_t{10000}));
    host.deadline = std::chrono::milliseconds(object.value("deadline_ms", std::int64_t{0}));
    return binding;
}

WEFT_INLINE session session_of(const json& object) {
    session result;
    result.number = object.at("session").get<unsigned>();
    result.process = object.at("process").get<long>();
    result.started = object.value("started", "");
    result.boot = object.value("boot", "");
    result.machine = object.value("machine", "");
    result.time = object.value("time", "");
    result.options.directory = object.value("directory", "");
    result.options.scratch = object.at("scratch").get<std::string>();
    result.options.results = object.at("results").get<std::string>();
    result.options.jobs = object.value("jobs", 0u);
    result.options.memory = object.value("memory", std::uint64_t{0});
    result.options.keep = object.value("keep", false);
    result.options.fail_fast = object.value("fail_fast", false);
    result.options.grace = std::chrono::milliseconds(object.value("grace_ms", std::int64_t{5000}));
    const auto deadline = static_cast<std::int64_t>(result.options.host_deadline.count());
    result.options.host_deadline = std::chrono::milliseconds(object.value("host_deadline_ms", deadline));
    for (const auto& [name, value] : object.at("parameters").items())
        result.options.parameters[name] = value.get<std::string>();
    for (const json& host : object.at("hosts")) result.options.hosts.push_back(host_of(host));
    return result;
}

WEFT_INLINE task_state state_of(const std::string& text) {
    for (int at = 0; at < 8; ++at)
        if (to_string(static_cast<task_state>(at)) == text) return static_cast<task_state>(at);
    throw std::runtime_error("there is no state '" + text + "'");
}

WEFT_INLINE engine::past_attempt attempt_of(const json& object) {
    engine::past_attempt result;
    result.how = engine::past_attempt::state::begun;
    result.number = object.at("attempt").get<unsigned>();
    result.host = object.value("host", "");
    result.machine = object.value("machine", "");
    result.scratch = object.value("scratch", "");
    return result;
}

/// From now on the newest attempt's scratch may exist.
WEFT_INLINE void note_scratch(task_history& task) {
    const engine::past_attempt& newest = task.newest;
    if (!newest.scratch.empty())
        task.scratches[newest.number] = {newest.number, newest.host, newest.machine, newest.scratch};
}

/// Applies an event to a task.
WEFT_INLINE void apply(const json& object, const std::string& event, task_history& task) {
    using state = engine::past_attempt::state;
    task.time = object.value("time", "");
    if (event == "begins") {
        task.newest = attempt_of(object);
        if (const auto parts = object.find("fingerprint"); parts != object.end())
            for (const auto& [name, digest] : parts->items())
                task.newest.made_of.emplace_back(name, digest.get<std::string>());
        task.state = task_state::running;
        task.reason.clear();
        note_scratch(task);
    } else if (event == "ends") {
        if (object.at("attempt").get<unsigned>() != task.newest.number)
            throw std::runtime_error("it ends an attempt that did not start");
        task.state = state_of(object.at("state").get<std::string>());
        task.newest.how = task.state == task_state::finished ? state::finished : state::failed;
        const double seconds = std::clamp(object.value("seconds", 0.0), 0.0, 1e9);
        task.newest.elapsed = std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
        task.newest.scratch = object.value("scratch", "");
        note_scratch(task);
        task.newest.seal = object.value("seal", "");
        task.newest.collected = !object.value("collects", false);
        task.exit_code = object.value("exit_code", -1);
        task.signal = object.value("signal", 0);
        task.reason = object.value("reason", "");
    } else if (event == "removes") {
        task.newest.removed = true;
        for (auto& [attempt, scratch] : task.scratches) scratch.removal_journaled = true;
    } else if (event == "abandons") {
        if (const auto found = task.scratches.find(object.at("attempt").get<unsigned>());
            found != task.scratches.end())
            found->second.removal_journaled = found->second.abandoned = true;
    } else if (event == "removed") {
        task.scratches.erase(object.at("attempt").get<unsigned>());
    } else if (event == "collected") {
        task.newest.collected = true;
    } else {
        task.state = state_of(object.at("state").get<std::string>());
        task.reason = object.value("reason", "");
    }
}

WEFT_INLINE void take_header(const json& object, history& into) {
    const int version = object.at("journal").get<int>();
    if (version != 1)
        throw std::runtime_error("its format " + std::to_string(version) +
                                 " is not supported: use the version of weft that wrote it");
    into.workflow = object.at("workflow").get<std::string>();
    into.run = object.at("run").get<std::string>();
    into.sequence = object.value("sequence", std::uint64_t{0});
    into.time = object.value("time", "");
    into.shape = object.at("shape").get<std::string>();
    into.tasks = object.at("tasks").get<std::vector<std::string>>();
    for (const std::string& name : into.tasks) into.of_task[name];
}

WEFT_INLINE void take_event(const json& object, history& into) {
    const auto event = object.at("event").get<std::string>();
    if (event == "session") {
        into.sessions.push_back(session_of(object));
        into.ended.clear();
        std::erase_if(into.pre_journaled,
                      [&](const auto& one) { return one.second.boot == into.last().boot; });
    } else if (event == "run_ends") {
        into.ended = object.at("state").get<std::string>();
        into.pre_journaled.clear();
    } else if (event == "foresees") {
        pre_journaled_attempt one{attempt_of(object), into.last().boot};
        one.what.pre_journaled = true;
        const auto name = object.at("task").get<std::string>();
        into.of_task[name];
        into.pre_journaled[name] = std::move(one);
    } else if (event == "begins" || event == "ends" || event == "removes" || event == "settles" ||
               event == "collected" || event == "abandons" || event == "removed") {
        const auto name = object.at("task").get<std::string>();
        const auto pre_journaled = into.pre_journaled.find(name);
        if (event == "ends" && pre_journaled != into.pre_journaled.end() &&
            object.at("attempt").get<unsigned>() == pre_journaled->second.what.number)
            into.of_task[name].newest =
                pre_journaled->second.what;  // it was ended like an attempt that had started
        apply(object, event, into.of_task[name]);
        if (event == "begins" || event == "ends") into.pre_journaled.erase(name);
    } else if (event == "opens") {
        const auto directory = object.at("directory").get<std::string>();
        if (!directory.ends_with('/' + into.run))  // `clean` removes everything in it
            throw std::runtime_error("'" + directory + "' is not a directory of the run");
        into.directories[object.value("host", "")].insert(directory);
    }
    // Unknown events are from a later version.
}

/// The parser's errors span several lines; the message needs only the reason.
WEFT_INLINE std::string short_reason(const std::exception& error) {
    std::string text = error.what();
    if (text.starts_with("[json.exception.parse")) return "it is not JSON";
    if (text.starts_with("[json.exception")) return "a member is missing or has the wrong type";
    return text;
}

}  // namespace detail

WEFT_INLINE history read_history(std::string_view text, const std::string& file, const std::string& boot) {
    history result;
    const auto end = text.rfind('\n');
    result.whole = end == text.npos ? 0 : end + 1;
    if (result.whole == 0) throw journal_error("the journal " + file + " is empty: its run did not start");
    std::size_t number = 0;
    for (std::size_t start = 0, stop; start < result.whole; start = stop + 1) {
        stop = text.find('\n', start);
        ++number;
        try {
            const auto object = detail::object_in(text.substr(start, stop - start));
            if (number == 1)
                detail::take_header(object, result);
            else
                detail::take_event(object, result);
        } catch (const std::exception& error) {
            throw journal_error("the journal " + file + " is damaged in line " + std::to_string(number) +
                                ": " + detail::short_reason(error) +
                                "; later events are unknown: start a new run, or remove the line");
        }
    }
    if (result.sessions.empty())
        throw journal_error("the journal " + file + " has no session: its run did not start");
    for (const auto& [name, one] : result.pre_journaled) {
        if (one.boot == boot) continue;
        result.of_task[name].newest = one.what;
        result.of_task[name].state = task_state::running;
        detail::note_scratch(result.of_task[name]);
    }
    return result;
}

}  // namespace weft::journal
