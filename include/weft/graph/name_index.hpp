// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace weft::graph {

/// Finds parts by kind, workflow and name: open addressing over the hashes of names, at most half full.
template <std::size_t Names>
class name_index {
public:
    /// The part first added under that name; `absent` if there is none.
    constexpr index find(part_kind kind, const named& name, index scope) const {
        return slots_[slot_of(key_of(kind, name.hash, scope), name.name)].part -
               1;  // a free slot gives `absent`
    }

    /// Adds a part to workflow `scope`. Returns it, or the part that already has its name.
    constexpr index add(index part, const part_row& row, index scope) {
        const std::uint64_t key = key_of(row.kind, row.name.hash, scope);
        entry& slot = slots_[slot_of(key, row.name.name)];
        if (slot.part != 0) return slot.part - 1;
        slot = {key, row.name.name, part + 1};
        return part;
    }

private:
    struct entry {
        std::uint64_t key;
        text::slice name;
        index part;  // part number plus 1; 0 if free
    };

    static constexpr index mask = static_cast<index>(std::bit_ceil(2 * Names + 2) - 1);

    /// For one name the keys of all kinds and workflows differ.
    static constexpr std::uint64_t key_of(part_kind kind, std::uint64_t hash, index scope) {
        return hash + scope * std::uint64_t{0x9e3779b9} + static_cast<unsigned>(kind);
    }
    /// The slot of that key and name, or the free slot for it.
    constexpr index slot_of(std::uint64_t key, const text::slice& name) const {
        index slot = static_cast<index>(key) & mask;
        while (slots_[slot].part != 0 && (slots_[slot].key != key || slots_[slot].name != name))
            slot = (slot + 1) & mask;
        return slot;
    }

    entry slots_[mask + 1]{};
};

}  // namespace weft::graph
