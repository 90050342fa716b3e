// SPDX-License-Identifier: MIT
// show: what a person or another program sees of a plan and of a run.
// It knows the plan's rows and listens to the run (engine::observer); nothing here changes what happens.
#pragma once

#include <weft/config.hpp>
#include <weft/run/observer.hpp>

#include <string>
#include <string_view>

namespace weft::show {

enum class log_level { error, warning, info, debug };
enum class log_format { text, json };

struct log_options {
    log_level level = log_level::info;
    log_format format = log_format::text;
    int descriptor = 2;
    bool colour = false;
};

/// The fields of one event: what the text says, and what a JSON object holds.
struct log_event {
    log_level level = log_level::info;
    std::string_view event;  ///< for JSON: "task", "staged", ...
    std::string_view task;
    std::string text;  ///< without the task's name in front
    std::string_view state{};
    std::string_view host{};
    std::string_view path{};
    double seconds = -1;  ///< below zero: none
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
    void task_changed(const task_report& row, task_state now) override;
    void task_retried(const task_report& row, std::chrono::milliseconds delay) override;
    void host_opened(std::string_view host, std::chrono::nanoseconds took) override;
    void host_failed(std::string_view host, std::string_view message) override;
    void staged(std::string_view consumer, std::string_view producer, std::string_view path,
                std::string_view from, std::string_view to, std::chrono::nanoseconds took) override;
    void collected(std::string_view task, std::string_view path, std::string_view to) override;
    void removed(std::string_view task, std::string_view where) override;
    void note(std::string_view message) override;
    void run_finished(const report& result) override;

private:
    void write(const log_event& what) const;
    void tell_failure(const task_report& row) const;

    log_options how_;
};

/// `text` as it can be shown in one line of a terminal: control characters, backslashes in front of them, and
/// bytes that are not UTF-8 become `\n`, `\t` or `\xHH`.
std::string printable(std::string_view text);

}  // namespace weft::show
