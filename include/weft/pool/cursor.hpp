// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/layout.hpp>

namespace weft::pool {

/// An atomic number, like that of <atomic>, which would bring locks, errors and strings into every
/// declaration of a workflow: a quarter of its compile time.
class shared_index {
public:
    constexpr explicit shared_index(index value) : value_(value) {}
    template <class Order>
    [[gnu::always_inline]] index load(Order order) const {
        return __atomic_load_n(&value_, static_cast<int>(order));
    }
    template <class Order>
    [[gnu::always_inline]] void store(index value, Order order) {
        __atomic_store_n(&value_, value, static_cast<int>(order));
    }

private:
    index value_;
};

/// The position of the thread that walks a graph in order, and its limit. Costs the walker a store, a load
/// and a branch per task, 0.4 ns, and still allows another thread to take over between any two tasks:
///
/// The walker writes `position`, then reads `limit`; a thread that takes over writes `limit`, then reads
/// `position`. One of them must see the other's write, which needs a full fence on both sides. A fence costs
/// some 6 ns, four times an empty task, so the walker has only a compiler fence, and the other side, which is
/// rare, executes `heavy_fence` instead, some 600 ns.
struct cursor {
    alignas(64) shared_index position{0};  ///< the task that runs or is about to be checked
    shared_index runs{0};                  ///< number of walks begun, by which the watcher tells them apart
    alignas(64) shared_index limit{none};  ///< the walker begins no task from this position on

    /// Moves to `at` (the end is after the last task). False: that task must not begin.
    /// GCC 12 does not inline it by itself; a task then costs 1.4 ns rather than 0.6.
    [[gnu::always_inline]] bool enter(index at) {
        position.store(at, __ATOMIC_RELEASE);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        return at < limit.load(__ATOMIC_ACQUIRE);
    }
};

}  // namespace weft::pool
