// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/function/function_run.hpp>

#include <thread>
#include <utility>

namespace weft::function {

namespace detail {

WEFT_INLINE task_state state_from(pool::task_state state) {
    switch (state) {
        case pool::task_state::finished:
            return task_state::finished;
        case pool::task_state::failed:
            return task_state::failed;
        case pool::task_state::skipped:
            return task_state::skipped;
        case pool::task_state::cancelled:
            break;
    }
    return task_state::cancelled;
}

}  // namespace detail

WEFT_INLINE pool::workers& shared_workers() {
    static pool::workers workers;
    return workers;
}

WEFT_INLINE void refuse_value(std::string_view workflow, const task_report& row) {
    throw std::logic_error("weft: task '" + row.name + "' of workflow '" + std::string(workflow) +
                           "' has no value, because its status is " + std::string(to_string(row.status)));
}

WEFT_INLINE std::string text_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& caught) {
        std::string text = caught.what();
        try {
            std::rethrow_if_nested(caught);
        } catch (...) {
            text += ": " + text_of(std::current_exception());
        }
        return text;
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}

WEFT_INLINE function_run::function_run(const plan::view& what, const plan::function_view& functions,
                                       std::vector<const void*> callables, pool::workers& pool)
    : what_(what), functions_(functions), frame_(what, functions, std::move(callables)) {
    run_.emplace(pool, functions.layout, &function_run::walk, this);
}

/// Marks the object as running. Its destructor is the last access of the run: the object's destructor waits
/// for it.
struct function_run::occupied {
    explicit occupied(function_run& run) : running(run.running_) {
        if (running.exchange(true, std::memory_order_acquire))
            throw std::logic_error(
                "weft: workflow '" + std::string(run.what_.name) +
                "' is already running in this executor: create another executor to run it from one of "
                "its tasks or from a second thread");
    }
    occupied(const occupied&) = delete;
    occupied& operator=(const occupied&) = delete;
    ~occupied() { running.store(false, std::memory_order_release); }

    std::atomic<bool>& running;
};

WEFT_INLINE function_run::~function_run() {
    if (running_.load(std::memory_order_acquire)) run_->interrupt();
    while (running_.load(std::memory_order_acquire)) std::this_thread::yield();
    run_.reset();
}

WEFT_INLINE bool function_run::walk_blocks(pool::cursor& at, pool::index from) {
    constexpr auto size = static_cast<pool::index>(plan::block_size);
    const pool::index blocks = (functions_.layout.tasks + size - 1) / size;
    for (pool::index block = from / size; block < blocks; ++block) {
        if (!functions_.blocks[block](frame_, at, from)) return false;
        from = (block + 1) * size;
    }
    return true;
}

WEFT_INLINE bool function_run::walk(void* self, pool::cursor& at, pool::index from) {
    auto& run = *static_cast<function_run*>(self);
    return run.listener_ ? run.walk_notifying(at, from) : run.walk_blocks(at, from);
}

/// Runs one task at a time and notifies the listener.
WEFT_INLINE bool function_run::walk_notifying(pool::cursor& at, pool::index from) {
    pool::cursor one;
    for (; from < functions_.layout.tasks; ++from) {
        if (!at.enter(from)) return false;
        const pool::index task = functions_.layout.task_at[from];
        notify(task, task_state::running);
        one.limit.store(from + 1, std::memory_order_relaxed);
        try {
            walk_blocks(one, from);
        } catch (...) {
            notify(task, task_state::failed);
            throw;
        }
        notify(task, task_state::finished);
    }
    return true;
}

WEFT_INLINE void function_run::notify(pool::index task, task_state now) const {
    listener_(what_.tasks[task].name, now);
}

WEFT_INLINE bool function_run::run(const std::stop_token& stop) {
    const occupied by_this(*this);
    return run_once(stop);
}

WEFT_INLINE bool function_run::run_or_throw(const std::stop_token& stop) {
    const occupied by_this(*this);
    const bool finished = run_once(stop);
    rethrow();
    return finished;
}

WEFT_INLINE bool function_run::run_once(const std::stop_token& stop) {
    frame_.destroy_values();
    ran_ = false;
    frame_.use_stop_token(stop);
    const bool finished = run_->run(stop);
    ran_ = true;
    if (!finished && listener_)
        for (pool::index task = 0; task < what_.tasks.size(); ++task)
            if (const task_state state = state_of(task);
                state == task_state::skipped || state == task_state::cancelled)
                notify(task, state);
    return finished;
}

WEFT_INLINE task_state function_run::state_of(std::size_t task) const {
    return ran_ ? detail::state_from(run_->state_of(static_cast<pool::index>(task))) : task_state::waiting;
}

/// Throws the first exception of the last run.
WEFT_INLINE void function_run::rethrow() const {
    if (failures().empty()) return;
    const pool::failure& first = failures().front();
    const std::string text = text_of(first.error);
    try {
        std::rethrow_exception(first.error);
    } catch (...) {
        std::throw_with_nested(task_failed(what_.tasks[first.task].name, what_.name, text));
    }
}

WEFT_INLINE const void* function_run::value(std::size_t task) const {
    task_report row;
    row.name = what_.tasks[task].name;
    row.status = state_of(task);
    if (row.status != task_state::finished) refuse_value(what_.name, row);
    return frame_.value(task);
}

/// For each skipped task the name of a failed task on which it depends, possibly indirectly.
WEFT_INLINE std::vector<std::string_view> function_run::causes_of(const report& all) const {
    std::vector<std::string_view> causes(all.tasks.size());
    for (const plan::index task : what_.order) {
        if (all.tasks[task].status == task_state::failed) causes[task] = all.tasks[task].name;
        if (all.tasks[task].status != task_state::skipped) continue;
        for (const plan::index before : plan::rows(what_.predecessors, what_.tasks[task].predecessors))
            if (!causes[before].empty()) causes[task] = causes[before];
    }
    return causes;
}

WEFT_INLINE report function_run::last_report() const {
    report all;
    all.workflow = what_.name;
    for (std::size_t task = 0; task < what_.tasks.size(); ++task) {
        task_report& row = all.tasks.emplace_back();
        row.name = what_.tasks[task].name;
        row.status = state_of(task);
        if (row.status == task_state::finished || row.status == task_state::failed) row.attempts = 1;
        if (row.status == task_state::cancelled) all.cancelled = true;
    }
    const std::vector<std::string_view> causes = causes_of(all);
    for (std::size_t task = 0; task < all.tasks.size(); ++task)
        if (all.tasks[task].status == task_state::skipped)
            all.tasks[task].reason = std::string(causes[task]) + " failed";
    for (const pool::failure& failure : failures()) all.tasks[failure.task].reason = text_of(failure.error);
    return all;
}

}  // namespace weft::function
