// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/options.hpp>
#include <weft/function/context.hpp>
#include <weft/plan/function_rows.hpp>
#include <weft/plan/tables.hpp>
#include <weft/unique_ptr.hpp>

#include <cstddef>
#include <new>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weft::function {

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

/// The values of one run: parameters, results of functions, and the arguments of calls. Steps of the plan
/// access it; `function_run` or the engine decides the order of calls.
class call_frame : public plan::function_frame {
public:
    /// `what` and `functions` must outlive it, and so must the callables, whose addresses are in `callables`.
    call_frame(const plan::view& what, const plan::function_view& functions,
               std::vector<const void*> callables);
    ~call_frame();
    call_frame(const call_frame&) = delete;
    call_frame& operator=(const call_frame&) = delete;

    /// The address at which to construct a parameter's value before the first call; null if no function takes
    /// it. This object then owns the value and ends it with `destroy`.
    void* parameter(pool::index number) const;
    void own_parameter(void* value, void (*destroy)(void*));
    void destroy_parameters();

    /// Destroys the results of the functions called so far.
    void destroy_values();
    void use_stop_token(const std::stop_token& stop) { stop_ = stop; }

    const void* value(std::size_t task) const { return store_.bytes() + functions_.slots[task].offset; }
    context& context_for(std::size_t task) { return contexts_[task]; }
    void give_log(const message_listener& log);
    /// Sets the paths of the files that a task takes.
    void give_files(std::size_t task, std::vector<std::vector<std::string>> paths);

private:
    struct owned {
        void* value;
        void (*destroy)(void*);
    };
    struct given_files {
        std::vector<std::vector<std::string>> texts;
        std::vector<std::vector<std::string_view>> paths;
    };

    const plan::function_view functions_;
    std::size_t tasks_;
    std::vector<const void*> callables_;
    value_store store_;
    std::unique_ptr<bool[]> alive_;
    bool any_to_destroy_ = false;
    std::vector<owned> parameters_;
    std::stop_token stop_;
    std::vector<context> contexts_;
    std::vector<given_files> given_;
};

}  // namespace weft::function
