// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/observer.hpp>

#include <span>
#include <utility>
#include <vector>

namespace weft::engine {

/// Forwards every event to several listeners, in order.
class observers final : public observer {
public:
    explicit observers(std::span<observer* const> listeners)
        : listeners_(listeners.begin(), listeners.end()) {}

    void run_started(std::string_view workflow, std::string_view run) override {
        each(&observer::run_started, workflow, run);
    }
    void all_waiting(std::span<const task_report> rows) override { each(&observer::all_waiting, rows); }
    void task_changed(const task_report& row, task_state now) override {
        each(&observer::task_changed, row, now);
    }
    void task_retried(const task_report& row, std::chrono::milliseconds delay) override {
        each(&observer::task_retried, row, delay);
    }
    void host_opened(std::string_view host, std::chrono::nanoseconds took) override {
        each(&observer::host_opened, host, took);
    }
    void host_failed(std::string_view host, std::string_view message) override {
        each(&observer::host_failed, host, message);
    }
    void host_away(std::string_view host, std::string_view why, std::chrono::milliseconds patience) override {
        each(&observer::host_away, host, why, patience);
    }
    void host_back(std::string_view host, std::chrono::nanoseconds away) override {
        each(&observer::host_back, host, away);
    }
    void staged(std::string_view consumer, std::string_view producer, std::string_view path,
                std::string_view from, std::string_view to, std::chrono::nanoseconds took) override {
        each(&observer::staged, consumer, producer, path, from, to, took);
    }
    void collected(std::string_view task, std::string_view path, std::string_view to) override {
        each(&observer::collected, task, path, to);
    }
    void removed(std::string_view task, std::string_view where) override {
        each(&observer::removed, task, where);
    }
    void said(std::string_view task, std::string_view message) override {
        each(&observer::said, task, message);
    }
    void decided(std::string_view task, std::string_view what, std::string_view why) override {
        each(&observer::decided, task, what, why);
    }
    void note(std::string_view message) override { each(&observer::note, message); }
    void run_finished(const report& result) override { each(&observer::run_finished, result); }

private:
    template <class... Arguments, class... Values>
    void each(void (observer::*event)(Arguments...), const Values&... values) {
        for (observer* listener : listeners_) (listener->*event)(values...);
    }

    std::vector<observer*> listeners_;
};

}  // namespace weft::engine
