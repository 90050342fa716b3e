// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/layout.hpp>

#include <atomic>
#include <cstdint>

namespace weft::pool {

/// Consecutive units.
struct unit_range {
    index first = none;
    index count = 0;
};

/// Links of the ready units of one run, shared by the stacks of all workers. An item is a range of units,
/// identified by its first. A unit is the first of a pushed range at most once in a run (the thread that
/// takes a range runs its first unit), so links and lengths never change while a thread may read them. That
/// makes a plain linked stack safe: a head that reappears has the same tail below it.
struct ready_links {
    std::atomic<index>* next;
    std::atomic<index>* count;
};

/// The ready units of one worker. Its owner takes the newest first; a thief takes all in one step, including
/// the oldest, which are the largest parts of the graph, and becomes their owner. The head contains the run's
/// number: a thief delayed since an earlier run takes nothing.
class alignas(64) ready_stack {
public:
    void reset(index run) { head_.store(pack(run, none), std::memory_order_relaxed); }

    bool empty(std::memory_order order = std::memory_order_relaxed) const {
        return static_cast<index>(head_.load(order)) == none;
    }

    void push(index run, unit_range range, ready_links links) {
        links.count[range.first].store(range.count, std::memory_order_relaxed);
        std::uint64_t head = head_.load(std::memory_order_relaxed);
        do {
            links.next[range.first].store(static_cast<index>(head), std::memory_order_relaxed);
        } while (!head_.compare_exchange_weak(head, pack(run, range.first), std::memory_order_seq_cst,
                                              std::memory_order_relaxed));
    }

    /// Takes the newest range; `count == 0` if there is none.
    unit_range pop(index run, ready_links links) {
        std::uint64_t head = head_.load(std::memory_order_acquire);
        while (holds(head, run)) {
            const index first = static_cast<index>(head);
            const std::uint64_t rest = pack(run, links.next[first].load(std::memory_order_relaxed));
            const index count = links.count[first].load(std::memory_order_relaxed);
            if (head_.compare_exchange_weak(head, rest, std::memory_order_acq_rel, std::memory_order_acquire))
                return {first, count};
        }
        return {};
    }

    /// Moves everything to `thief`, the caller's empty stack, except the newest range, which is returned.
    unit_range take_all(index run, ready_links links, ready_stack& thief) {
        std::uint64_t head = head_.load(std::memory_order_acquire);
        while (holds(head, run)) {
            if (!head_.compare_exchange_weak(head, pack(run, none), std::memory_order_acq_rel,
                                             std::memory_order_acquire))
                continue;
            const index first = static_cast<index>(head);
            thief.head_.store(pack(run, links.next[first].load(std::memory_order_relaxed)),
                              std::memory_order_seq_cst);
            return {first, links.count[first].load(std::memory_order_relaxed)};
        }
        return {};
    }

private:
    static std::uint64_t pack(index run, index first) { return (std::uint64_t{run} << 32) | first; }
    static bool holds(std::uint64_t head, index run) {
        return static_cast<index>(head >> 32) == run && static_cast<index>(head) != none;
    }

    std::atomic<std::uint64_t> head_{none};
};

}  // namespace weft::pool
