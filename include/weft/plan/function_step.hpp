// SPDX-License-Identifier: MIT
// What a function task does when its turn comes, as types that say where its arguments lie. A step knows
// nothing of the workflow: its name stays short, however many tasks there are.
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/staged_file.hpp>
#include <weft/plan/function_signature.hpp>
#include <weft/pool/cursor.hpp>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// What the steps of a run work on.
struct function_frame {
    std::byte* values = nullptr;             ///< results and parameters, each at its offset
    bool* alive = nullptr;                   ///< task -> its result is there and wants to be destroyed
    const void* const* callables = nullptr;  ///< of functions that have a state
    context& (*context_of)(function_frame&, pool::index task) = nullptr;
    staged_file (*file_of)(const function_frame&, std::size_t task, std::size_t place) = nullptr;
};

/// An argument that others may read too.
template <class T, std::size_t Offset>
struct shared_value {
    using type = const T&;
    static type get(const function_frame& frame) {
        return *std::launder(reinterpret_cast<const T*>(frame.values + Offset));
    }
};
/// An argument of its only consumer.
template <class T, std::size_t Offset>
struct moved_value {
    using type = T&&;
    static type get(const function_frame& frame) {
        return std::move(*std::launder(reinterpret_cast<T*>(frame.values + Offset)));
    }
};
/// A staged file; `Place` is its number among those that the task takes.
template <std::size_t Task, std::size_t Place>
struct file_value {
    using type = staged_file;
    static type get(const function_frame& frame) { return frame.file_of(frame, Task, Place); }
};

inline constexpr std::size_t stateless = ~std::size_t{0};

/// `Place` is the callable's in `function_frame::callables`.
template <class Callable, std::size_t Place, std::size_t Task, class Result, std::size_t Offset, bool Context,
          class... Arguments>
struct function_step {
    static void run(function_frame& frame) {
        if constexpr (std::is_void_v<Result>) {
            invoke(frame);
        } else {
            // A prvalue: what cannot be moved can be returned all the same.
            ::new (static_cast<void*>(frame.values + Offset)) Result(invoke(frame));
            if constexpr (!std::is_trivially_destructible_v<Result>) frame.alive[Task] = true;
        }
    }

private:
    static decltype(auto) invoke(function_frame& frame) {
        if constexpr (Place == stateless)
            return pass(Callable{}, frame);
        else
            return pass(*static_cast<const Callable*>(frame.callables[Place]), frame);
    }
    template <class Target>
    static decltype(auto) pass(Target&& target, function_frame& frame) {
        if constexpr (Context)
            return call(std::forward<Target>(target), frame.context_of(frame, static_cast<pool::index>(Task)),
                        Arguments::get(frame)...);
        else
            return call(std::forward<Target>(target), Arguments::get(frame)...);
    }
};

/// Of a task that is no function.
struct no_step {
    static void run(function_frame&) {}
};

template <std::size_t Place, class Type>
struct placed_type {
    using type = Type;
};
/// Types that are found by their place: one overload resolution, no recursion.
template <class Places, class... Types>
struct type_list;
template <std::size_t... Places, class... Types>
struct type_list<std::index_sequence<Places...>, Types...> : placed_type<Places, Types>... {};
template <std::size_t Place, class Type>
placed_type<Place, Type> found_at(const placed_type<Place, Type>*);
template <std::size_t Place, class List>
using type_at = typename decltype(plan::found_at<Place>(static_cast<const List*>(nullptr)))::type;

/// How many steps one function runs.
inline constexpr std::size_t block_size = 32;

/// The steps at positions `First` and on, of a graph laid out for the pool, in one function, so that the
/// compiler inlines runs of bodies: a table of distinct function pointers costs 7 to 9 ns a call, this 1. One
/// function for all would cost its optimizer more than linear time.
template <pool::index First, class... Steps>
struct function_block {
    static_assert(sizeof...(Steps) <= block_size);

    /// Runs steps from position `from` on until the end (true) or the cursor's limit (false).
    static bool walk(function_frame& frame, pool::cursor& at, pool::index from) {
#define WEFT_STEP(n)                            \
    case n:                                     \
        if (!one<(n)>(frame, at)) return false; \
        [[fallthrough]];
#define WEFT_STEPS(n) WEFT_STEP(n) WEFT_STEP(n + 1) WEFT_STEP(n + 2) WEFT_STEP(n + 3)
        switch (from - First) {
            WEFT_STEPS(0)
            WEFT_STEPS(4)
            WEFT_STEPS(8)
            WEFT_STEPS(12)
            WEFT_STEPS(16)
            WEFT_STEPS(20)
            WEFT_STEPS(24)
            WEFT_STEPS(28)
            default:
                return true;
        }
#undef WEFT_STEPS
#undef WEFT_STEP
    }

private:
    using steps = type_list<std::make_index_sequence<sizeof...(Steps)>, Steps...>;

    template <std::size_t Place>
    [[gnu::always_inline]] static bool one(function_frame& frame, pool::cursor& at) {
        if constexpr (Place < sizeof...(Steps)) {
            if (!at.enter(First + static_cast<pool::index>(Place))) return false;
            type_at<Place, steps>::run(frame);
        }
        return true;
    }
};
using block_function = bool (*)(function_frame&, pool::cursor&, pool::index);

}  // namespace weft::plan
