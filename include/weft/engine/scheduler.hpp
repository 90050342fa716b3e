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

/// Chooses the ready task that starts next, and its machine: the most urgent task that fits, on the machine
/// that holds most of its inputs. Among about equally urgent tasks it prefers those whose inputs are on a
/// machine with free slots. It accounts for the machines' slots and memory and starts nothing itself.
///
/// A machine is reserved for a task that does not fit yet, such as one that needs many cpus. Other tasks
/// start there only if they cannot delay it, so small tasks cannot starve it.
class scheduler {
public:
    /// `places` and `sources` (where each finished task's files are) must outlive the scheduler; `weights` as
    /// for `urgency`.
    scheduler(const plan::view& plan, std::span<place> places, const std::vector<staging::source>& sources,
              std::span<const double> weights);

    /// Adds a ready task.
    void add(plan::index task);

    /// Removes a task that must not start any more.
    void drop(plan::index task);

    struct choice {
        plan::index task = plan::none;
        place* at = nullptr;
    };

    /// The next start; takes its slots and memory. None until a task is added or released or a machine is
    /// opened.
    std::optional<choice> next();

    /// Ready tasks of the same host that follow `task` closely in the order of urgency, at most `most`.
    std::vector<plan::index> following(plan::index task, std::size_t most) const;

    /// Takes slots and memory of `at` for a task that already runs there, even if there is no room.
    void occupy(plan::index task, place& at);

    /// Releases the slots and memory that `next` or `occupy` took for `task`.
    void release(plan::index task);

    /// Why `task` can never start on its host's machines; "" when it can, or when a machine is still being
    /// opened.
    std::string why_never_fits(plan::index task) const;

private:
    struct room {
        std::uint32_t slots = 1;
        std::uint64_t memory = 0;
    };
    using heap = std::priority_queue<plan::index, std::vector<plan::index>, std::greater<>>;

    /// Ready tasks of one host with equal needs, ordered by turn.
    struct group {
        room need;
        heap ready;
    };
    struct machine {
        place* at = nullptr;
        room used;
        heap near;                          ///< ready tasks with inputs here, ordered by turn
        plan::index reserved = plan::none;  ///< the task that it is reserved for
        room lent;                          ///< taken by other tasks since the reservation
        unsigned reservations = 0;
    };
    struct host {
        std::vector<machine> machines;
        std::vector<group> groups;
        std::set<std::pair<plan::index, std::size_t>>
            turns;  ///< the turn of each group's first task, with the group
        std::size_t ready = 0;
    };
    struct holding {
        machine* at = nullptr;
        room taken;
        unsigned reservation = 0;  ///< the machine's reservation when the room was lent; 0: none
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
    std::vector<plan::index> turn_;  ///< per task: 0 is the most urgent
    std::vector<plan::index> task_;  ///< per turn
    std::vector<plan::index> group_;
    std::vector<bool> ready_;
    std::vector<host> hosts_;  ///< the first is this machine
    std::unordered_map<plan::index, holding> held_;
};

}  // namespace weft::engine
