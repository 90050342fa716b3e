// SPDX-License-Identifier: MIT
// function: runs workflows of functions in this process. It joins what `plan` lowered to the `pool`.
// All that knows types of the workflow is in executor.hpp; this is ordinary code over tables.
#pragma once

#include <weft/function/context.hpp>
#include <weft/plan/function_rows.hpp>
#include <weft/plan/tables.hpp>
#include <weft/pool/graph_run.hpp>
#include <weft/pool/workers.hpp>
#include <weft/run/report.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// A task threw. The exception itself is nested: std::rethrow_if_nested.
class task_failed : public std::runtime_error {
public:
    task_failed(std::string_view task, std::string_view workflow, const std::string& what)
        : std::runtime_error("task '" + std::string(task) + "' of workflow '" + std::string(workflow) +
                             "' failed: " + what),
          task_(task) {}
    const std::string& task() const { return task_; }

private:
    std::string task_;
};

/// Is told when a task begins and when it has ended, on the thread on which it runs: several at a time.
using task_listener = std::function<void(std::string_view task, task_state now)>;

namespace function {

/// Bytes aligned for all values of a run.
class value_store {
public:
    value_store(std::size_t size, std::size_t alignment)
        : alignment_(alignment),
          bytes_(static_cast<std::byte*>(::operator new(size == 0 ? 1 : size, std::align_val_t(alignment)))) {
    }
    ~value_store() { ::operator delete(bytes_, std::align_val_t(alignment_)); }
    value_store(const value_store&) = delete;
    value_store& operator=(const value_store&) = delete;
    std::byte* bytes() const { return bytes_; }

private:
    std::size_t alignment_;
    std::byte* bytes_;
};

/// Runs the functions of one workflow, many times, and holds what they returned until the next run. A run
/// allocates nothing itself.
class function_run {
public:
    /// `tables` and `what` outlive it, and so do the callables, of which `callables` holds the addresses.
    function_run(const plan::view& what, const plan::function_view& functions,
                 std::vector<const void*> callables, pool::workers& pool);
    ~function_run();
    function_run(const function_run&) = delete;
    function_run& operator=(const function_run&) = delete;

    /// Where a parameter's value is to be made before the first run; `none` when no function takes it. It
    /// belongs to this object then: `destroy` ends it.
    void* parameter(pool::index number) const;
    void own_parameter(void* value, void (*destroy)(void*));

    /// True when all tasks finished. Exceptions of tasks are kept. Throws std::logic_error when it is under
    /// way already.
    bool run(const std::stop_token& stop);
    void listen(task_listener listener) { listener_ = std::move(listener); }

    const std::vector<pool::failure>& failures() const { return run_->failures(); }
    task_state state_of(std::size_t task) const;
    /// Throws the first exception of the last run, nested in a `task_failed`.
    void rethrow() const;
    /// The value of a task that finished; throws std::logic_error that names it otherwise.
    const void* value(std::size_t task) const;
    /// What became of each task in the last run.
    report told() const;

private:
    static bool walk(void* self, pool::cursor& at, pool::index from);
    bool walk_told(pool::cursor& at, pool::index from);
    bool walk_blocks(pool::cursor& at, pool::index from);
    void tell(pool::index task, task_state now) const;
    void destroy_values();

    // First: the frame is what is passed to steps, and found from there.
    struct frame_with_contexts : plan::function_frame {
        std::vector<context> contexts;
    };

    const plan::view& what_;
    const plan::function_view functions_;
    std::vector<const void*> callables_;
    value_store store_;
    std::unique_ptr<bool[]> alive_;
    bool any_to_destroy_ = false;
    struct owned {
        void* value;
        void (*destroy)(void*);
    };
    std::vector<owned> parameters_;
    std::stop_token stop_;
    frame_with_contexts frame_;
    task_listener listener_;
    bool ran_ = false;
    std::atomic<bool> running_{false};
    std::optional<pool::graph_run> run_;
};

/// The threads that all runs share to which no others were given.
pool::workers& shared_workers();

/// The text of an exception, with those that are nested in it.
std::string text_of(const std::exception_ptr& error);

}  // namespace function
}  // namespace weft
