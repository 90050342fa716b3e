// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/place.hpp>
#include <weft/engine/staging.hpp>
#include <weft/plan/tables.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft::engine {

/// Says which ready task starts next, and on which machine: the most urgent that fits goes first, to the
/// machine that holds most of its inputs; of tasks that are about as urgent, those first whose inputs are
/// where there is room. It holds slots and memory of the machines and starts nothing itself.
///
/// A task that does not fit yet, such as one of many cpus, gets the next machine reserved: others start there
/// only in so far as they can't delay it, so it comes to its turn however many small ones there are.
class scheduler {
public:
    /// `places` and `sources` (where each finished task's files are) are the executor's and outlive this;
    /// `weights` as for `urgency`.
    scheduler(const plan::view& plan, std::span<place> places, const std::vector<staging::source>& sources,
              std::span<const double> weights);

    /// `task` may start.
    void add(plan::index task);

    /// `task` shall not start any more.
    void drop(plan::index task);

    struct choice {
        plan::index task = plan::none;
        place* at = nullptr;
    };

    /// The next start, whose slots and memory are taken with it; none before something is added, released or
    /// opened.
    std::optional<choice> next();

    /// Ready tasks of the same host whose turn comes soon after that of `task`, at most so many.
    std::vector<plan::index> following(plan::index task, std::size_t most) const;

    /// Takes slots and memory of `at` for a task that runs there already, whether or not there is room.
    void occupy(plan::index task, place& at);

    /// Gives back what `next` or `occupy` took for `task`.
    void release(plan::index task);

    /// Why `task` can never start on the machines that its host has; "" when it can, or when a machine that
    /// could hold it is still being opened.
    std::string misfit(plan::index task) const;

private:
    struct room {
        std::uint32_t slots = 1;
        std::uint64_t memory = 0;
    };
    using heap = std::priority_queue<plan::index, std::vector<plan::index>, std::greater<>>;

    /// Ready tasks of one host that need the same, by their turn.
    struct group {
        room need;
        heap ready;
    };
    struct machine {
        place* at = nullptr;
        room used;
        heap near;                          ///< ready tasks with inputs here, by their turn
        plan::index reserved = plan::none;  ///< the task that it is kept free for
        room lent;                          ///< taken by others since then
        unsigned reservations = 0;
    };
    struct host {
        std::vector<machine> machines;
        std::vector<group> groups;
        std::set<std::pair<plan::index, std::size_t>> turns;  ///< of each group's first, with the group
        std::size_t ready = 0;
    };
    struct holding {
        machine* at = nullptr;
        room taken;
        unsigned reservation = 0;  ///< of the machine that it was lent from; 0: none
    };

    host& host_of(plan::index task);
    const host& host_of(plan::index task) const;
    std::optional<choice> next_of(host& all);
    bool keep_first(host& all, std::size_t number);
    std::optional<room> need_of(const host& all, const room& wanted) const;
    static bool has_memory(const place& at, std::uint64_t wanted);
    static bool holds(const machine& one, const room& need);
    static bool fits(const machine& one, const room& need, plan::index task);
    machine* choose(host& all, const room& need, plan::index task);
    plan::index nearer(host& all, machine& at, plan::index task);
    std::size_t inputs_at(plan::index task, const place* at) const;
    void reserve(host& all, const room& need, plan::index task);
    choice take(host& all, machine& at, const room& need, plan::index task);

    const plan::view& plan_;
    const std::vector<staging::source>& sources_;
    std::vector<double> urgency_;
    std::vector<plan::index> turn_;  ///< of each task: 0 is the most urgent
    std::vector<plan::index> task_;  ///< of each turn
    std::vector<plan::index> group_;
    std::vector<bool> ready_;
    std::vector<host> hosts_;  ///< the first is this machine
    std::unordered_map<plan::index, holding> held_;
};

}  // namespace weft::engine
