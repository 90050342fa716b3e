// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/log.hpp>
#include <weft/show/printable.ipp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
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

/// The local time, and its milliseconds.
WEFT_INLINE std::pair<std::tm, int> local_time() {
    const auto now = std::chrono::system_clock::now();
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    return {fmt::localtime(std::chrono::system_clock::to_time_t(now)), static_cast<int>(since % 1000)};
}

WEFT_INLINE std::string where(std::string_view host, std::string_view path) {
    return host.empty() ? std::string(path) : fmt::format("{}:{}", host, path);
}

/// The last lines of `text`, at most `most` of them.
WEFT_INLINE std::vector<std::string_view> last_lines(std::string_view text, std::size_t most) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    std::vector<std::string_view> lines;
    while (!text.empty() && lines.size() < most) {
        const auto end = text.rfind('\n');
        const std::size_t start = end == text.npos ? 0 : end + 1;
        lines.insert(lines.begin(), text.substr(start));
        text = text.substr(0, start == 0 ? 0 : start - 1);
    }
    return lines;
}

WEFT_INLINE std::string as_text(const log_event& what, bool colour) {
    const auto [time, milliseconds] = local_time();
    constexpr std::array<std::string_view, 4> colours = {"\x1b[31m", "\x1b[33m", "", "\x1b[2m"};
    const std::string_view paint = colour ? colours[static_cast<std::size_t>(what.level)] : "";
    // Cached: most lines fall into the same second as the line before.
    thread_local std::tm last{};
    thread_local std::string second;
    if (second.empty() || time.tm_sec != last.tm_sec || time.tm_min != last.tm_min ||
        time.tm_hour != last.tm_hour || time.tm_yday != last.tm_yday || time.tm_year != last.tm_year) {
        last = time;
        second = fmt::format("{:%Y-%m-%d %H:%M:%S}", time);
    }
    std::string line = fmt::format("{}{},{:03} {} ", paint, second, milliseconds, level_name(what.level));
    if (!what.task.empty()) line += printable(what.task) + ": ";
    line += printable(what.text);
    if (!paint.empty()) line += "\x1b[0m";
    return line + '\n';
}

/// ISO 8601: `2026-11-23T11:18:45.724+01:00`.
WEFT_INLINE std::string iso_time() {
    const auto [time, milliseconds] = local_time();
    std::string zone = fmt::format("{:%z}", time);
    if (zone.size() == 5) zone.insert(3, ":");
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}{}", time, milliseconds, zone);
}

WEFT_INLINE std::string as_json(const log_event& what) {
    nlohmann::ordered_json object;
    object["time"] = iso_time();
    object["level"] = level_name(what.level);
    object["event"] = what.event;
    if (!what.task.empty()) object["task"] = what.task;
    for (const auto& [name, value] : what.fields) {
        const std::string key(name);
        if (const auto* text = std::get_if<std::string_view>(&value)) {
            if (!text->empty()) object[key] = *text;
        } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            if (*whole >= 0) object[key] = *whole;
        } else {
            object[key] = std::get<double>(value);
        }
    }
    object["message"] = what.text;
    return visible_json(object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) + '\n';
}

}  // namespace detail

WEFT_INLINE std::string log::line(const log_event& what) const {
    if (what.level > options_.level) return {};
    return options_.format == log_format::json ? detail::as_json(what)
                                               : detail::as_text(what, options_.colour);
}

WEFT_INLINE void log::write(const log_event& what) const {
    write_out(line(what));
}

WEFT_INLINE void log::write_out(std::string_view lines) const {
    while (!lines.empty()) {
        const ssize_t written = ::write(options_.descriptor, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) {  // another program set the terminal or pipe to non-blocking
            struct pollfd room {};
            room.fd = options_.descriptor;
            room.events = POLLOUT;
            if (::poll(&room, 1, -1) < 0 && errno != EINTR) return;
            continue;
        }
        if (written <= 0) return;  // the log has no reader; the run continues
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

WEFT_INLINE void log::run_started(std::string_view workflow, std::string_view run) {
    // In text, the scratch directories show the run's name; JSON readers need it in this event.
    write({options_.format == log_format::json ? log_level::info : log_level::debug,
           "run_started",
           "",
           fmt::format("workflow '{}' starts as {}", workflow, run),
           {{"workflow", workflow}, {"run", run}}});
}

/// Batches thousands of lines into few system calls.
WEFT_INLINE void log::all_waiting(std::span<const task_report> rows) {
    std::string lines;
    for (const task_report& row : rows) {
        lines += line({log_level::info,
                       "task",
                       row.name,
                       "waiting",
                       {{"state", to_string(task_state::waiting)}, {"host", row.host}}});
        if (lines.size() < (1u << 16)) continue;
        write_out(lines);
        lines.clear();
    }
    write_out(lines);
}

WEFT_INLINE void log::task_changed(const task_report& row, task_state now) {
    const auto write_state = [&](log_level level, std::string text) {
        write({level, "task", row.name, std::move(text), {{"state", to_string(now)}, {"host", row.host}}});
    };
    switch (now) {
        case task_state::waiting:
            return write_state(log_level::info, "waiting");
        case task_state::ready:
            return write_state(log_level::debug, "ready");
        case task_state::staging:
            return write_state(log_level::debug,
                               row.host.empty() ? "staging in" : "staging in on " + row.host);
        case task_state::running:
            write_state(log_level::info, row.host.empty() ? "running" : "running on " + row.host);
            return write({log_level::info,
                          "scratch",
                          row.name,
                          "scratch directory " + detail::where(row.host, row.scratch),
                          {{"host", row.host},
                           {"path", row.scratch},
                           {"attempt", row.attempts == 0 ? -1 : std::int64_t{row.attempts}}}});
        case task_state::finished:
            write({log_level::info,
                   row.reused ? "reused" : "completed",
                   row.name,
                   fmt::format("{} in {:.3f} s{}", row.reused ? "reused: completed" : "completed",
                               detail::seconds(row.elapsed), row.reused ? " in an earlier session" : ""),
                   {{"host", row.host}, {"seconds", detail::seconds(row.elapsed)}}});
            return write_state(log_level::info, "finished");
        case task_state::failed:
            return log_failure(row);
        case task_state::skipped:
            return write({log_level::warning,
                          "task",
                          row.name,
                          "skipped: " + row.reason,
                          {{"state", to_string(now)}, {"reason", row.reason}}});
        case task_state::cancelled:
            return write_state(log_level::warning, "cancelled");
    }
}

WEFT_INLINE void log::log_failure(const task_report& row) const {
    std::string text = "failed: " + row.reason;
    // The reason names a host that could not be used; add the host if the task ran.
    if (!row.host.empty() && !row.scratch.empty()) text += ", on " + row.host;
    if (row.attempts > 1) text += fmt::format(", at attempt {}", row.attempts);
    if (row.scratch_kept) text += ", scratch directory " + detail::where(row.host, row.scratch);
    const std::string_view scratch = row.scratch_kept ? std::string_view(row.scratch) : "";
    write({log_level::error,
           "task",
           row.name,
           std::move(text),
           {{"state", to_string(row.status)},
            {"reason", row.reason},
            {"exit_code", std::int64_t{row.exit_code}},
            {"signal", std::int64_t{row.signal == 0 ? -1 : row.signal}},
            {"attempt", row.attempts == 0 ? -1 : std::int64_t{row.attempts}},
            {"host", row.host},
            {"path", scratch}}});
    for (const std::string_view line : detail::last_lines(row.stderr_tail, 10))
        write({log_level::error, "stderr", row.name, "  stderr: " + std::string(line)});
}

WEFT_INLINE void log::task_retried(const task_report& row, std::chrono::milliseconds delay) {
    write({log_level::warning,
           "retry",
           row.name,
           fmt::format("attempt {} failed: {}; next one in {:.3f} s", row.attempts, row.reason,
                       detail::seconds(delay)),
           {{"reason", row.reason},
            {"exit_code", std::int64_t{row.exit_code}},
            {"attempt", row.attempts == 0 ? -1 : std::int64_t{row.attempts}},
            {"host", row.host},
            {"seconds", detail::seconds(delay)}}});
}

WEFT_INLINE void log::host_opened(std::string_view host, std::chrono::nanoseconds took) {
    write({log_level::debug,
           "host",
           "",
           fmt::format("host {}: connected in {:.3f} s", host, detail::seconds(took)),
           {{"state", "open"}, {"host", host}, {"seconds", detail::seconds(took)}}});
}

WEFT_INLINE void log::host_failed(std::string_view host, std::string_view message) {
    write({log_level::error, "host", "", std::string(message), {{"state", "failed"}, {"host", host}}});
}

WEFT_INLINE void log::host_away(std::string_view host, std::string_view why,
                                std::chrono::milliseconds patience) {
    const auto until = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + patience);
    write({log_level::warning,
           "host",
           "",
           fmt::format("{}, trying again until {:%H:%M:%S}", why, fmt::localtime(until)),
           {{"state", "away"}, {"host", host}, {"seconds", detail::seconds(patience)}}});
}

WEFT_INLINE void log::host_back(std::string_view host, std::chrono::nanoseconds away) {
    write({log_level::info,
           "host",
           "",
           fmt::format("host {}: back after {:.0f} s", host, detail::seconds(away)),
           {{"state", "back"}, {"host", host}, {"seconds", detail::seconds(away)}}});
}

WEFT_INLINE void log::staged(std::string_view consumer, std::string_view producer, std::string_view path,
                             std::string_view from, std::string_view to, std::chrono::nanoseconds took) {
    const auto place = [](std::string_view name) { return name.empty() ? std::string_view("here") : name; };
    write({log_level::debug,
           "staged",
           consumer,
           fmt::format("staged {}{} from {} to {} in {:.3f} s", path,
                       producer.empty() ? "" : fmt::format(" of {}", producer), place(from), place(to),
                       detail::seconds(took)),
           {{"producer", producer},
            {"path", path},
            {"from", place(from)},
            {"to", place(to)},
            {"seconds", detail::seconds(took)}}});
}

WEFT_INLINE void log::collected(std::string_view task, std::string_view path, std::string_view to) {
    write({log_level::info,
           "collected",
           task,
           fmt::format("collected {} to {}", path, to),
           {{"path", path}, {"to", to}}});
}

WEFT_INLINE void log::removed(std::string_view task, std::string_view where) {
    write({log_level::info, "removed", task, fmt::format("removed {}", where), {{"path", where}}});
}

WEFT_INLINE void log::said(std::string_view task, std::string_view message) {
    write({log_level::info, "said", task, std::string(message)});
}

WEFT_INLINE void log::decided(std::string_view task, std::string_view what, std::string_view why) {
    write({options_.explain ? log_level::info : log_level::debug,
           "decided",
           task,
           fmt::format("{}: {}", what, why),
           {{"decision", what}, {"why", why}}});
}

WEFT_INLINE void log::advise(std::string_view what) {
    write({log_level::info, "advice", "", std::string(what)});
}

WEFT_INLINE void log::note(std::string_view message) {
    write({log_level::warning, "note", "", std::string(message)});
}

WEFT_INLINE void log::run_finished(const report& result) {
    std::int64_t count[8] = {};
    for (const task_report& row : result.tasks) {
        ++count[static_cast<std::size_t>(row.status)];
        if (row.status == task_state::finished && row.scratch_kept)
            write({log_level::info,
                   "kept",
                   row.name,
                   "its files are in " + detail::where(row.host, row.scratch),
                   {{"host", row.host}, {"path", row.scratch}}});
    }
    std::vector<log_field> fields{{"workflow", result.workflow}, {"run", result.run}};
    std::string parts;
    for (const task_state state :
         {task_state::finished, task_state::failed, task_state::skipped, task_state::cancelled}) {
        const std::int64_t tasks = count[static_cast<std::size_t>(state)];
        if (tasks == 0) continue;
        parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", tasks, to_string(state));
        fields.push_back({to_string(state), tasks});
    }
    const double took = detail::seconds(result.elapsed);
    const std::string_view state = result.ok() ? "completed" : result.cancelled ? "cancelled" : "failed";
    fields.push_back({"state", state});
    fields.push_back({"seconds", took});
    std::string text =
        result.ok() ? fmt::format("workflow '{}' completed in {:.3f} s", result.workflow, took)
                    : fmt::format("workflow '{}' {} after {:.3f} s: {}", result.workflow, state, took, parts);
    write({result.ok() ? log_level::info : log_level::error, "run_finished", "", std::move(text),
           std::move(fields)});
}

}  // namespace weft::show
