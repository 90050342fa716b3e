// SPDX-License-Identifier: MIT
// show: renders a plan and a run, for people and programs. It knows the plan's rows and listens to the run
// (engine::observer); it never influences the run.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/observer.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weft::show {

enum class log_level { error, warning, info, debug };
enum class log_format { text, json };

struct log_options {
    log_level level = log_level::info;
    log_format format = log_format::text;
    int descriptor = 2;
    bool colour = false;
    bool explain = false;  ///< log a resumed run's decisions at level info instead of debug
};

/// A field of an event's JSON object besides its text. Empty text and negative integers are left out.
struct log_field {
    std::string_view name;
    std::variant<std::string_view, double, std::int64_t> value;
};

/// One line of the log.
struct log_event {
    log_level level = log_level::info;
    std::string_view event;  ///< for JSON: "task", "staged", ...
    std::string_view task;   ///< empty: the event has no task
    std::string text;        ///< without the task's name as prefix
    std::vector<log_field> fields{};
};

/// Writes one complete line per event, with milliseconds:
///
///     2026-11-23 11:18:45,724 INFO A: running on edge
///
/// or, as JSON, one object. In output of tasks and hosts, control characters and invalid UTF-8 are escaped.
class log final : public engine::observer {
public:
    explicit log(log_options options) : options_(options) {}

    void run_started(std::string_view workflow, std::string_view run) override;
    void all_waiting(std::span<const task_report> rows) override;
    void task_changed(const task_report& row, task_state now) override;
    void task_retried(const task_report& row, std::chrono::milliseconds delay) override;
    void host_opened(std::string_view host, std::chrono::nanoseconds took) override;
    void host_failed(std::string_view host, std::string_view message) override;
    void host_away(std::string_view host, std::string_view why, std::chrono::milliseconds patience) override;
    void host_back(std::string_view host, std::chrono::nanoseconds away) override;
    void staged(std::string_view consumer, std::string_view producer, std::string_view path,
                std::string_view from, std::string_view to, std::chrono::nanoseconds took) override;
    void collected(std::string_view task, std::string_view path, std::string_view to) override;
    void removed(std::string_view task, std::string_view where) override;
    void said(std::string_view task, std::string_view message) override;
    void decided(std::string_view task, std::string_view what, std::string_view why) override;
    /// After the end: logs what the user can do next.
    void advise(std::string_view what);
    void note(std::string_view message) override;
    void run_finished(const report& result) override;

private:
    std::string line(const log_event& what) const;
    void write(const log_event& what) const;
    void write_out(std::string_view lines) const;
    void log_failure(const task_report& row) const;

    log_options options_;
};

/// `text` in a form that is safe to show in one line of a terminal: control characters, direction marks and
/// bytes that are not UTF-8 become `\n`, `\t` or `\xHH`. For people: the result is ambiguous.
std::string printable(std::string_view text);

/// The same for text of several lines: line feeds and tabs stay.
std::string printable_lines(std::string_view text);

/// Equivalent JSON in which control and other hidden characters are escaped.
std::string visible_json(std::string_view json);

}  // namespace weft::show
