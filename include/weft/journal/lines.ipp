// SPDX-License-Identifier: MIT
#pragma once

#include <weft/journal/history.hpp>
#include <weft/journal/spelling.ipp>

#include <sys/time.h>

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

namespace weft::journal {

namespace detail {

/// Wall-clock time, for display only. `2026-11-23T10:18:45.724Z`.
WEFT_INLINE std::string now() {
    timeval time{};
    ::gettimeofday(&time, nullptr);
    std::tm utc{};
    ::gmtime_r(&time.tv_sec, &utc);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    const std::string fraction = std::to_string(1000 + time.tv_usec / 1000);
    return std::string(date) + '.' + fraction.substr(1) + 'Z';
}

WEFT_INLINE json event(const char* name) {
    json object;
    object["event"] = name;
    object["time"] = now();
    return object;
}

WEFT_INLINE json of_host(const host_binding& binding) {
    const ssh_host& host = binding.host;
    json object;
    object["name"] = binding.name;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) object[name] = value;
    };
    add("address", host.address);
    add("user", host.user);
    if (host.port != 0) object["port"] = host.port;
    add("identity", host.identity);
    add("known_hosts", host.known_hosts);
    add("scratch", host.scratch);
    if (host.slots != 0) object["slots"] = host.slots;
    if (host.memory != 0) object["memory"] = host.memory;
    object["connect_timeout_ms"] = host.connect_timeout.count();
    if (host.deadline.count() != 0) object["deadline_ms"] = host.deadline.count();
    return object;
}

}  // namespace detail

WEFT_INLINE std::string header_line(const history& past) {
    detail::json object;
    object["journal"] = 1;
    object["weft"] = WEFT_VERSION;
    object["workflow"] = past.workflow;
    object["run"] = past.run;
    object["sequence"] = past.sequence;
    object["time"] = detail::now();
    object["shape"] = past.shape;
    object["tasks"] = past.tasks;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string session_line(const session& session) {
    detail::json object = detail::event("session");
    object["session"] = session.number;
    object["process"] = session.process;
    object["started"] = session.started;
    object["boot"] = session.boot;
    object["machine"] = session.machine;
    object["directory"] = session.options.directory;
    object["scratch"] = session.options.scratch;
    object["results"] = session.options.results;
    object["jobs"] = session.options.jobs;
    object["memory"] = session.options.memory;
    object["keep"] = session.options.keep;
    object["fail_fast"] = session.options.fail_fast;
    object["grace_ms"] = session.options.grace.count();
    object["host_deadline_ms"] = session.options.host_deadline.count();
    object["parameters"] = detail::json::object();
    for (const auto& [name, value] : session.options.parameters) object["parameters"][name] = value;
    object["hosts"] = detail::json::array();
    for (const host_binding& binding : session.options.hosts)
        object["hosts"].push_back(detail::of_host(binding));
    return detail::line(std::move(object));
}

WEFT_INLINE std::string opens_line(const engine::place& at) {
    detail::json object = detail::event("opens");
    if (!at.name.empty()) object["host"] = at.name;
    object["directory"] = at.directory;
    return detail::line(std::move(object));
}

namespace detail {

WEFT_INLINE json of_attempt(const char* what, const task_report& row, const engine::place& at) {
    json object = event(what);
    object["task"] = row.name;
    object["attempt"] = row.attempts;
    if (!at.name.empty()) {
        object["host"] = at.name;
        object["machine"] = at.machine;
    }
    if (!row.scratch.empty()) object["scratch"] = row.scratch;
    return object;
}

}  // namespace detail

WEFT_INLINE std::string pre_journal_line(const task_report& row, const engine::place& at) {
    // The name of the event is part of the format.
    return detail::line(detail::of_attempt("foresees", row, at));
}

WEFT_INLINE std::string begins_line(const task_report& row, const engine::place& at,
                                    const engine::fingerprint& made_of) {
    detail::json object = detail::of_attempt("begins", row, at);
    for (const auto& [name, digest] : made_of) object["fingerprint"][name] = digest;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string ends_line(const task_report& row, task_state state, bool collects,
                                  const std::string& seal) {
    detail::json object = detail::event("ends");
    object["task"] = row.name;
    object["attempt"] = row.attempts;
    object["state"] = to_string(state);
    if (row.exit_code >= 0) object["exit_code"] = row.exit_code;
    if (row.signal != 0) object["signal"] = row.signal;
    if (!row.reason.empty()) object["reason"] = row.reason;
    if (!row.scratch.empty()) object["scratch"] = row.scratch;
    object["seconds"] = std::chrono::duration<double>(row.elapsed).count();
    if (collects) object["collects"] = true;
    if (!seal.empty()) object["seal"] = seal;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string collected_line(const task_report& row) {
    detail::json object = detail::event("collected");
    object["task"] = row.name;
    object["attempt"] = row.attempts;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string removes_line(const task_report& row) {
    detail::json object = detail::event("removes");
    object["task"] = row.name;
    object["attempt"] = row.attempts;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string abandons_line(const task_report& row, unsigned attempt) {
    detail::json object = detail::event("abandons");
    object["task"] = row.name;
    object["attempt"] = attempt;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string removed_line(const task_report& row, unsigned attempt) {
    detail::json object = detail::event("removed");
    object["task"] = row.name;
    object["attempt"] = attempt;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string settles_line(const task_report& row) {
    detail::json object = detail::event("settles");
    object["task"] = row.name;
    object["state"] = to_string(row.status);
    if (!row.reason.empty()) object["reason"] = row.reason;
    return detail::line(std::move(object));
}

WEFT_INLINE std::string run_ends_line(std::string_view state, double seconds) {
    detail::json object = detail::event("run_ends");
    object["state"] = state;
    object["seconds"] = seconds;
    return detail::line(std::move(object));
}

}  // namespace weft::journal
