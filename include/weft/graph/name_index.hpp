// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <bit>
#include <cstddef>

namespace weft::graph {

/// Finds parts by kind, workflow and name: open addressing over the names' hashes, at most half full.
template <std::size_t Names>
class name_index {
public:
    constexpr explicit name_index(const part_row* parts) : parts_(parts) {}

    /// The part that was added first under that name; `absent` when none was.
    constexpr index find(part_kind kind, const named& name, index scope) const {
        for (index slot = first_slot(kind, name.hash, scope); slots_[slot].part != 0;
             slot = (slot + 1) & mask)
            if (matches(slots_[slot], kind, name, scope)) return slots_[slot].part - 1;
        return absent;
    }

    /// Adds a part as one of workflow `scope`. Returns it, or the part that has its name there already.
    constexpr index add(index part, index scope) {
        const part_kind kind = parts_[part].kind;
        const named& name = parts_[part].name;
        index slot = first_slot(kind, name.hash, scope);
        for (; slots_[slot].part != 0; slot = (slot + 1) & mask)
            if (matches(slots_[slot], kind, name, scope)) return slots_[slot].part - 1;
        slots_[slot].part = part + 1;
        slots_[slot].scope = scope;
        return part;
    }

private:
    struct entry {
        index part;  // plus 1; 0: free
        index scope;
    };

    static constexpr index mask = static_cast<index>(std::bit_ceil(2 * Names + 2) - 1);

    static constexpr index first_slot(part_kind kind, std::uint64_t hash, index scope) {
        return static_cast<index>(hash + scope * 0x9e3779b9u + static_cast<unsigned>(kind)) & mask;
    }
    constexpr bool matches(const entry& one, part_kind kind, const named& name, index scope) const {
        const part_row& part = parts_[one.part - 1];
        return part.name.hash == name.hash && one.scope == scope && part.kind == kind &&
               part.name.name == name.name;
    }

    const part_row* parts_;
    entry slots_[mask + 1]{};
};

}  // namespace weft::graph
