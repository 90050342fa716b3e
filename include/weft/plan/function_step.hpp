// SPDX-License-Identifier: MIT
// The call of a function task, as types that contain the positions of its arguments. A step knows nothing of
// the workflow, so that its name stays short in large workflows.
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/staged_file.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/plan/function_signature.hpp>
#include <weft/pool/cursor.hpp>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The data that the steps of a run access.
struct function_frame {
    std::byte* values = nullptr;             ///< results and parameters, each at its offset
    bool* alive = nullptr;                   ///< task -> its result exists and must be destroyed
    const void* const* callables = nullptr;  ///< of functions with a state
    context& (*context_of)(function_frame&, pool::index task) = nullptr;
    staged_file (*file_of)(const function_frame&, std::size_t task, std::size_t place) = nullptr;
};

/// An argument as it is passed: `const T&`, or `T&&` to its only consumer.
template <class Passed>
struct stored_value {
    static Passed get(const function_frame& frame, std::size_t, std::size_t offset) {
        using value = std::remove_reference_t<Passed>;
        return static_cast<Passed>(*__builtin_launder(reinterpret_cast<value*>(frame.values + offset)));
    }
};
/// A staged file; `place` is its number among those of the task.
struct staged_value {
    static staged_file get(const function_frame& frame, std::size_t task, std::size_t place) {
        return frame.file_of(frame, task, place);
    }
};

inline constexpr std::size_t stateless = ~std::size_t{0};

/// `Place` is the index of the callable in `function_frame::callables`, `At` has the positions of the
/// arguments. The step consists of only two functions, because each costs a compiler about as much as a
/// task's own body.
template <class Callable, std::size_t Place, std::size_t Task, class Result, std::size_t Offset, bool Context,
          class Arguments, std::size_t... At>
struct function_step;
template <class Callable, std::size_t Place, std::size_t Task, class Result, std::size_t Offset, bool Context,
          class... Arguments, std::size_t... At>
struct function_step<Callable, Place, Task, Result, Offset, Context, dsl::types<Arguments...>, At...> {
    static void run(function_frame& frame) {
        if constexpr (std::is_void_v<Result>) {
            invoke(frame);
        } else {
            // A prvalue, so that a value that cannot be moved can be returned.
            ::new (static_cast<void*>(frame.values + Offset)) Result(invoke(frame));
            if constexpr (!std::is_trivially_destructible_v<Result>) frame.alive[Task] = true;
        }
    }

private:
    static decltype(auto) invoke(function_frame& frame) {
        if constexpr (is_member<Callable>)
            return plan::call(*static_cast<const Callable*>(frame.callables[Place]),
                              Arguments::get(frame, Task, At)...);
        else if constexpr (Place != stateless && Context)
            return (*static_cast<const Callable*>(frame.callables[Place]))(
                frame.context_of(frame, static_cast<pool::index>(Task)), Arguments::get(frame, Task, At)...);
        else if constexpr (Place != stateless)
            return (*static_cast<const Callable*>(frame.callables[Place]))(
                Arguments::get(frame, Task, At)...);
        else if constexpr (Context)
            return Callable{}(frame.context_of(frame, static_cast<pool::index>(Task)),
                              Arguments::get(frame, Task, At)...);
        else
            return Callable{}(Arguments::get(frame, Task, At)...);
    }
};

/// For a task that is not a function.
struct no_step {
    static void run(function_frame&) {}
};

/// The number of steps that one function runs.
inline constexpr std::size_t block_size = 32;

/// The `Count` steps from position `First` on of a graph laid out for the pool, in one function, so that the
/// compiler inlines sequences of bodies: a table of distinct function pointers costs 7 to 9 ns a call, this
/// 1. One function for all steps would cost the optimizer more than linear time. The steps are named one by
/// one, because a list of them would be searched for each.
// clang-format off
template <pool::index First, std::size_t Count,
          class S0, class S1 = no_step, class S2 = no_step, class S3 = no_step, class S4 = no_step,
          class S5 = no_step, class S6 = no_step, class S7 = no_step, class S8 = no_step, class S9 = no_step,
          class S10 = no_step, class S11 = no_step, class S12 = no_step, class S13 = no_step,
          class S14 = no_step, class S15 = no_step, class S16 = no_step, class S17 = no_step,
          class S18 = no_step, class S19 = no_step, class S20 = no_step, class S21 = no_step,
          class S22 = no_step, class S23 = no_step, class S24 = no_step, class S25 = no_step,
          class S26 = no_step, class S27 = no_step, class S28 = no_step, class S29 = no_step,
          class S30 = no_step, class S31 = no_step>
// clang-format on
struct function_block {
    static_assert(Count <= block_size);

    /// Runs steps from position `from` on, to the end (true) or to the cursor's limit (false).
    static bool walk(function_frame& frame, pool::cursor& at, pool::index from) {
#define WEFT_STEP(n)                                  \
    case n:                                           \
        if constexpr ((n) < Count) {                  \
            if (!at.enter(First + (n))) return false; \
            S##n::run(frame);                         \
        }                                             \
        [[fallthrough]];
#define WEFT_STEPS(a, b, c, d, e, f, g, h) \
    WEFT_STEP(a) WEFT_STEP(b) WEFT_STEP(c) WEFT_STEP(d) WEFT_STEP(e) WEFT_STEP(f) WEFT_STEP(g) WEFT_STEP(h)
        switch (from - First) {
            WEFT_STEPS(0, 1, 2, 3, 4, 5, 6, 7)
            WEFT_STEPS(8, 9, 10, 11, 12, 13, 14, 15)
            WEFT_STEPS(16, 17, 18, 19, 20, 21, 22, 23)
            WEFT_STEPS(24, 25, 26, 27, 28, 29, 30, 31)
            default:
                return true;
        }
#undef WEFT_STEPS
#undef WEFT_STEP
    }
};
using block_function = bool (*)(function_frame&, pool::cursor&, pool::index);

}  // namespace weft::plan
