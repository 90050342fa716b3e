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
    result.how.directory = object.value("directory", "");
    result.how.scratch = object.at("scratch").get<std::string>();
    result.how.results = object.at("results").get<std::string>();
    result.how.jobs = object.value("jobs", 0u);
    result.how.memory = object.value("memory", std::uint64_t{0});
    result.how.keep = object.value("keep", false);
    result.how.fail_fast = object.value("fail_fast", false);
    result.how.grace = std::chrono::milliseconds(object.value("grace_ms", std::int64_t{5000}));
    const auto deadline = static_cast<std::int64_t>(result.how.host_deadline.count());
    result.how.host_deadline = std::chrono::milliseconds(object.value("host_deadline_ms", deadline));
    for (const auto& [name, value] : object.at("parameters").items())
        result.how.parameters[name] = value.get<std::string>();
    for (const json& host : object.at("hosts")) result.how.hosts.push_back(host_of(host));
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

/// The newest attempt's scratch may be there now.
WEFT_INLINE void note_scratch(task_history& task) {
    const engine::past_attempt& newest = task.newest;
    if (!newest.scratch.empty())
        task.scratches[newest.number] = {newest.number, newest.host, newest.machine, newest.scratch};
}

/// An event of a task.
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
            throw std::runtime_error("an attempt ends that did not begin");
        task.state = state_of(object.at("state").get<std::string>());
        task.newest.how = task.state == task_state::finished ? state::finished : state::failed;
        const double seconds = std::clamp(object.value("seconds", 0.0), 0.0, 1e9);
        task.newest.elapsed = std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
        task.newest.scratch = object.value("scratch", "");
        note_scratch(task);
        task.newest.seal = object.value("seal", "");
        task.newest.home = !object.value("collects", false);
        task.exit_code = object.value("exit_code", -1);
        task.signal = object.value("signal", 0);
        task.reason = object.value("reason", "");
    } else if (event == "removes") {
        task.newest.removed = true;
        for (auto& [attempt, scratch] : task.scratches) scratch.going = true;
    } else if (event == "abandons") {
        if (const auto found = task.scratches.find(object.at("attempt").get<unsigned>());
            found != task.scratches.end())
            found->second.going = found->second.abandoned = true;
    } else if (event == "removed") {
        task.scratches.erase(object.at("attempt").get<unsigned>());
    } else if (event == "collected") {
        task.newest.home = true;
    } else {
        task.state = state_of(object.at("state").get<std::string>());
        task.reason = object.value("reason", "");
    }
}

WEFT_INLINE void take_header(const json& object, history& into) {
    const int version = object.at("journal").get<int>();
    if (version != 1)
        throw std::runtime_error("its format " + std::to_string(version) +
                                 " is not known here: use the weft that wrote it");
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
        std::erase_if(into.foreseen, [&](const auto& one) { return one.second.boot == into.last().boot; });
    } else if (event == "run_ends") {
        into.ended = object.at("state").get<std::string>();
        into.foreseen.clear();
    } else if (event == "foresees") {
        foreseen_attempt one{attempt_of(object), into.last().boot};
        one.what.foreseen = true;
        const auto name = object.at("task").get<std::string>();
        into.of_task[name];
        into.foreseen[name] = std::move(one);
    } else if (event == "begins" || event == "ends" || event == "removes" || event == "settles" ||
               event == "collected" || event == "abandons" || event == "removed") {
        const auto name = object.at("task").get<std::string>();
        const auto foreseen = into.foreseen.find(name);
        if (event == "ends" && foreseen != into.foreseen.end() &&
            object.at("attempt").get<unsigned>() == foreseen->second.what.number)
            into.of_task[name].newest = foreseen->second.what;  // it was ended as if it had begun
        apply(object, event, into.of_task[name]);
        if (event == "begins" || event == "ends") into.foreseen.erase(name);
    } else if (event == "opens") {
        const auto directory = object.at("directory").get<std::string>();
        if (!directory.ends_with('/' + into.run))  // all that is in it goes when the run is cleaned up
            throw std::runtime_error("'" + directory + "' is no directory of the run");
        into.directories[object.value("host", "")].insert(directory);
    }
    // Any other event is of a later version that says more.
}

/// The parser's errors are several lines long; what a person needs is the place.
WEFT_INLINE std::string short_reason(const std::exception& error) {
    std::string text = error.what();
    if (text.starts_with("[json.exception.parse")) return "it is not JSON";
    if (text.starts_with("[json.exception")) return "it lacks what such a line must have";
    return text;
}

}  // namespace detail

WEFT_INLINE history read_history(std::string_view text, const std::string& file, const std::string& boot) {
    history result;
    const auto end = text.rfind('\n');
    result.whole = end == text.npos ? 0 : end + 1;
    if (result.whole == 0) throw journal_error("the journal " + file + " is empty: its run did not begin");
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
                                "; what the run did after that is not known: run anew, or remove the line if "
                                "you know better");
        }
    }
    if (result.sessions.empty())
        throw journal_error("the journal " + file + " has no session: its run did not begin");
    for (const auto& [name, one] : result.foreseen) {
        if (one.boot == boot) continue;
        result.of_task[name].newest = one.what;
        result.of_task[name].state = task_state::running;
        detail::note_scratch(result.of_task[name]);
    }
    return result;
}

}  // namespace weft::journal
