// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weft::graph {

using index = std::uint32_t;
inline constexpr index absent = ~index{0};

/// How many rows the tables of a workflow's graph have, or may have at most.
struct graph_sizes {
    std::size_t parts = 0;
    std::size_t tasks = 0;
    std::size_t links = 0;         ///< mentions and `after` names, of all tasks
    std::size_t placeholders = 0;  ///< of all tasks, distinct in each
};

constexpr graph_sizes sizes_of(std::span<const part_row> parts) {
    graph_sizes sizes;
    sizes.parts = parts.size();
    for (const part_row& part : parts) {
        if (part.kind != part_kind::task) continue;
        ++sizes.tasks;
        sizes.links += part.mentions.size();
        sizes.placeholders += part.placeholders.size();
        for (const modifier_row& modifier : part.modifiers)
            if (modifier.kind == modifier_kind::after) sizes.links += modifier.names.size();
    }
    return sizes;
}

/// Where the parts of a kind are, found by name: open addressing over the hashes, at most half full.
template <std::size_t Names>
class name_index {
public:
    /// The number under which a name was added first; `absent` when it was not.
    constexpr index find(const named& name) const {
        for (std::size_t slot = name.hash & mask; slots_[slot].taken; slot = (slot + 1) & mask)
            if (slots_[slot].name == name) return slots_[slot].at;
        return absent;
    }
    /// False when the name is there already.
    constexpr bool add(const named& name, index at) {
        std::size_t slot = name.hash & mask;
        for (; slots_[slot].taken; slot = (slot + 1) & mask)
            if (slots_[slot].name == name) return false;
        slots_[slot].name = name;
        slots_[slot].at = at;
        slots_[slot].taken = true;
        return true;
    }

private:
    struct entry {
        named name;
        index at = 0;
        bool taken = false;
    };
    static constexpr std::size_t mask = std::bit_ceil(2 * Names + 2) - 1;
    entry slots_[mask + 1]{};
};

/// A workflow whose names are numbers. Tasks, hosts and parameters count by themselves, as declared.
template <graph_sizes Sizes>
struct resolved_parts {
    index tasks = 0;
    index part_of[Sizes.tasks + 1]{};      ///< a task's part
    index first_link[Sizes.tasks + 1]{};   ///< in `link_target`
    index link_target[Sizes.links + 1]{};  ///< per mention, then per `after` name, of each task in order
    index host_of[Sizes.tasks + 1]{};      ///< `absent`: this machine, or an unknown host
    index first_placeholder[Sizes.tasks + 1]{};
    index placeholder_part[Sizes.placeholders + 1]{};  ///< the parameter's part
    index parameter_of[Sizes.placeholders + 1]{};      ///< its number among the parameters
    index duplicate = absent;  ///< the first part that has the name of an earlier one of its kind
};

/// Looks every name up. A name that is not found has no number (validation tells of it). Linear in all rows.
template <graph_sizes Sizes>
constexpr resolved_parts<Sizes> resolve(std::span<const part_row> rows) {
    const part_row* const parts = rows.data();
    resolved_parts<Sizes> found;
    name_index<Sizes.tasks> tasks;
    name_index<Sizes.parts - Sizes.tasks> hosts;
    name_index<Sizes.parts - Sizes.tasks> parameters;
    index parameter_parts[Sizes.parts - Sizes.tasks + 1]{};
    index host_count = 0;
    index parameter_count = 0;
    for (index at = 0; at < rows.size(); ++at) {
        const part_row& part = parts[at];
        bool first = true;
        switch (part.kind) {
            case part_kind::task:
                found.part_of[found.tasks] = at;
                first = tasks.add(part.name, found.tasks++);
                break;
            case part_kind::host:
                first = hosts.add(part.name, host_count++);
                break;
            case part_kind::param:
                parameter_parts[parameter_count] = at;
                first = parameters.add(part.name, parameter_count++);
                break;
        }
        if (!first && found.duplicate == absent) found.duplicate = at;
    }
    index links = 0;
    index placeholders = 0;
    for (index task = 0; task < found.tasks; ++task) {
        const part_row& part = parts[found.part_of[task]];
        found.first_link[task] = links;
        found.first_placeholder[task] = placeholders;
        found.host_of[task] = absent;
        for (const mention& reference : part.mentions)
            found.link_target[links++] = tasks.find(reference.task);
        for (const placeholder& used : part.placeholders) {
            const index parameter = parameters.find(used.name);
            found.parameter_of[placeholders] = parameter;
            found.placeholder_part[placeholders++] =
                parameter == absent ? absent : parameter_parts[parameter];
        }
        for (const modifier_row& modifier : part.modifiers) {
            if (modifier.kind == modifier_kind::after)
                for (const named& name : modifier.names) found.link_target[links++] = tasks.find(name);
            if (modifier.kind == modifier_kind::on) found.host_of[task] = hosts.find(modifier.names[0]);
        }
    }
    found.first_link[found.tasks] = links;
    found.first_placeholder[found.tasks] = placeholders;
    return found;
}

}  // namespace weft::graph
