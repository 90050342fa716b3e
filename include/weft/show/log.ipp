// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/log.hpp>
#include <weft/show/printable.ipp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace weft::show {

namespace detail {

WEFT_INLINE std::string_view level_name(log_level level) {
    constexpr std::array<std::string_view, 4> names = {"ERROR", "WARNING", "INFO", "DEBUG"};
    return names[static_cast<std::size_t>(level)];
}

WEFT_INLINE double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

/// `2026-11-23 11:18:45` of the local time, and the milliseconds.
WEFT_INLINE std::pair<std::tm, int> local_time() {
    const auto now = std::chrono::system_clock::now();
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    return {fmt::localtime(std::chrono::system_clock::to_time_t(now)), static_cast<int>(since % 1000)};
}

WEFT_INLINE std::string where(std::string_view host, std::string_view path) {
    return host.empty() ? std::string(path) : fmt::format("{}:{}", host, path);
}

WEFT_INLINE std::string as_text(const log_event& what, bool colour) {
    const auto [time, milliseconds] = local_time();
    constexpr std::array<std::string_view, 4> colours = {"\x1b[31m", "\x1b[33m", "", "\x1b[2m"};
    const std::string_view paint = colour ? colours[static_cast<std::size_t>(what.level)] : "";
    std::string line =
        fmt::format("{}{:%Y-%m-%d %H:%M:%S},{:03} {} ", paint, time, milliseconds, level_name(what.level));
    if (!what.task.empty()) line += fmt::format("{}: ", what.task);
    line += printable(what.text);
    if (!paint.empty()) line += "\x1b[0m";
    return line + '\n';
}

WEFT_INLINE std::string as_json(const log_event& what) {
    const auto [time, milliseconds] = local_time();
    nlohmann::ordered_json object;
    object["time"] = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}{:%z}", time, milliseconds, time);
    object["level"] = level_name(what.level);
    object["event"] = what.event;
    const auto add = [&object](const char* name, std::string_view value) {
        if (!value.empty()) object[name] = value;
    };
    add("task", what.task);
    add("state", what.state);
    add("host", what.host);
    add("path", what.path);
    if (what.seconds >= 0) object["seconds"] = what.seconds;
    add("message", what.text);
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace detail

WEFT_INLINE void log::write(const log_event& what) const {
    if (what.level > how_.level) return;
    const std::string line =
        how_.format == log_format::json ? detail::as_json(what) : detail::as_text(what, how_.colour);
    std::string_view left = line;
    while (!left.empty()) {
        const ssize_t written = ::write(how_.descriptor, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // nobody reads the log; the run goes on
        left.remove_prefix(static_cast<std::size_t>(written));
    }
}

WEFT_INLINE void log::run_started(std::string_view workflow, std::string_view run) {
    write({log_level::debug, "run started", "", fmt::format("workflow '{}' starts as {}", workflow, run)});
}

WEFT_INLINE void log::task_changed(const task_report& row, task_state now) {
    const auto tell = [&](log_level level, std::string text, double took = -1) {
        write({level, "task", row.name, std::move(text), to_string(now), row.host, "", took});
    };
    switch (now) {
        case task_state::waiting:
            return tell(log_level::info, "waiting");
        case task_state::ready:
            return tell(log_level::debug, "ready");
        case task_state::staging:
            return tell(log_level::debug, "staging in");
        case task_state::running:
            tell(log_level::info, row.host.empty() ? "running" : "running on " + row.host);
            write({log_level::info, "scratch", row.name,
                   "scratch directory " + detail::where(row.host, row.scratch), "", row.host, row.scratch});
            return;
        case task_state::finished:
            write({log_level::info, "completed", row.name,
                   fmt::format("completed in {:.3f} s", detail::seconds(row.elapsed)), "", row.host, "",
                   detail::seconds(row.elapsed)});
            return tell(log_level::info, "finished");
        case task_state::failed:
            return tell_failure(row);
        case task_state::skipped:
            return tell(log_level::warning, "skipped: " + row.reason);
        case task_state::cancelled:
            return tell(log_level::warning, "cancelled");
    }
}

WEFT_INLINE void log::tell_failure(const task_report& row) const {
    std::string text = "failed: " + row.reason;
    if (!row.host.empty()) text += ", on " + row.host;
    if (row.attempts > 1) text += fmt::format(", at attempt {}", row.attempts);
    if (row.scratch_kept) text += ", scratch directory " + detail::where(row.host, row.scratch);
    write({log_level::error, "task", row.name, std::move(text), to_string(row.status), row.host,
           row.scratch_kept ? std::string_view(row.scratch) : ""});
    // The last lines, each as a line of its own; of a long one its end.
    std::string_view tail = row.stderr_tail;
    while (tail.ends_with('\n')) tail.remove_suffix(1);
    std::size_t start = tail.size();
    for (int lines = 0; lines < 10 && start != 0; ++lines) {
        const auto before = tail.rfind('\n', start - 1);
        start = before == tail.npos ? 0 : before;
    }
    if (start != 0) tail.remove_prefix(start + 1);
    while (!tail.empty()) {
        const auto end = std::min(tail.find('\n'), tail.size());
        write({log_level::error, "stderr", row.name, "  stderr: " + std::string(tail.substr(0, end))});
        tail.remove_prefix(std::min(tail.size(), end + 1));
    }
}

WEFT_INLINE void log::task_retried(const task_report& row, std::chrono::milliseconds delay) {
    write({log_level::warning, "retry", row.name,
           fmt::format("attempt {} failed: {}; next one in {:.1f} s", row.attempts, row.reason,
                       detail::seconds(delay)),
           "", row.host});
}

WEFT_INLINE void log::host_opened(std::string_view host, std::chrono::nanoseconds took) {
    write({log_level::debug, "host", "",
           fmt::format("host {}: connected in {:.3f} s", host, detail::seconds(took)), "", host, "",
           detail::seconds(took)});
}

WEFT_INLINE void log::host_failed(std::string_view host, std::string_view message) {
    write({log_level::error, "host", "", std::string(message), "failed", host});
}

WEFT_INLINE void log::staged(std::string_view consumer, std::string_view producer, std::string_view path,
                             std::string_view from, std::string_view to, std::chrono::nanoseconds took) {
    const auto place = [](std::string_view name) { return name.empty() ? std::string_view("here") : name; };
    write({log_level::debug, "staged", consumer,
           fmt::format("staged {}'{}' from {} to {} in {:.3f} s",
                       producer.empty() ? "" : fmt::format("{}'s ", producer), path, place(from), place(to),
                       detail::seconds(took)),
           "", to, path, detail::seconds(took)});
}

WEFT_INLINE void log::collected(std::string_view task, std::string_view path, std::string_view to) {
    write({log_level::info, "collected", task, fmt::format("collected {} to {}", path, to), "", "", to});
}

WEFT_INLINE void log::removed(std::string_view task, std::string_view where) {
    write({log_level::info, "removed", task, fmt::format("removed {}", where), "", "", where});
}

WEFT_INLINE void log::note(std::string_view message) {
    write({log_level::warning, "note", "", std::string(message)});
}

WEFT_INLINE void log::run_finished(const report& result) {
    std::size_t count[8] = {};
    for (const task_report& row : result.tasks) {
        ++count[static_cast<std::size_t>(row.status)];
        if (row.status == task_state::finished && row.scratch_kept)
            write({log_level::info, "kept", row.name,
                   "its files are in " + detail::where(row.host, row.scratch), "", row.host, row.scratch});
    }
    const double took = detail::seconds(result.elapsed);
    if (result.ok())
        return write({log_level::info, "run finished", "",
                      fmt::format("workflow '{}' completed in {:.3f} s", result.workflow, took), "completed",
                      "", "", took});
    std::string parts;
    for (const task_state state :
         {task_state::finished, task_state::failed, task_state::skipped, task_state::cancelled}) {
        const std::size_t tasks = count[static_cast<std::size_t>(state)];
        if (tasks != 0) parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", tasks, to_string(state));
    }
    const std::string_view how = result.cancelled ? "cancelled" : "failed";
    write({log_level::error, "run finished", "",
           fmt::format("workflow '{}' {} after {:.3f} s: {}", result.workflow, how, took, parts), how, "", "",
           took});
}

}  // namespace weft::show
