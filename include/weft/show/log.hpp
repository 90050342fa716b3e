// SPDX-License-Identifier: MIT
// show: what a person or another program sees of a plan and of a run.
// It knows the plan's rows and listens to the run (engine::observer); nothing here changes what happens.
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
    bool explain = false;  ///< what a run that goes on does with each task is of level info, not debug
};

/// What an event says beside its text: a field of its JSON object. Empty text, and numbers below zero, are
/// left out.
struct log_field {
    std::string_view name;
    std::variant<std::string_view, double, std::int64_t> value;
};

/// One line of the log.
struct log_event {
    log_level level = log_level::info;
    std::string_view event;  ///< for JSON: "task", "staged", ...
    std::string_view task;   ///< empty: it is of no task
    std::string text;        ///< without the task's name in front
    std::vector<log_field> fields{};
};

/// Writes one line per event, whole, with milliseconds:
///
///     2026-11-23 11:18:45,724 INFO A: running on edge
///
/// or, as JSON, one object. What tasks and hosts say is made harmless: control characters and broken UTF-8
/// are escaped.
class log final : public engine::observer {
public:
    explicit log(log_options how) : how_(how) {}

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
    /// After the end: what can be done about it.
    void advise(std::string_view what);
    void note(std::string_view message) override;
    void run_finished(const report& result) override;

private:
    std::string line(const log_event& what) const;
    void write(const log_event& what) const;
    void write_out(std::string_view lines) const;
    void tell_failure(const task_report& row) const;

    log_options how_;
};

/// `text` as it can be shown in one line of a terminal: control characters, those that change the direction
/// of writing, and bytes that are not UTF-8 become `\n`, `\t` or `\xHH`. For people: what it makes is not
/// unambiguous.
std::string printable(std::string_view text);

/// The same of a text of several lines: those and tabs stay.
std::string printable_lines(std::string_view text);

/// JSON in which characters that a terminal would obey, or that let a text be read as another, are escapes:
/// the same to a program.
std::string visible_json(std::string_view json);

}  // namespace weft::show
