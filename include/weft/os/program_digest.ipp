// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/program_digest.hpp>
#include <weft/os/sha256.hpp>

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <string_view>
#include <vector>

namespace weft::os {

namespace detail {

/// The linker's build id; empty when there is none.
WEFT_INLINE std::string build_id(const dl_phdr_info& object) {
    for (std::size_t row = 0; row < object.dlpi_phnum; ++row) {
        const auto& segment = object.dlpi_phdr[row];
        if (segment.p_type != PT_NOTE) continue;
        const auto* note_at = reinterpret_cast<const char*>(object.dlpi_addr + segment.p_vaddr);
        std::size_t left = segment.p_memsz;
        const std::size_t alignment = segment.p_align == 8 ? 8 : 4;
        const auto padded = [&](std::size_t size) { return (size + alignment - 1) / alignment * alignment; };
        while (left >= sizeof(ElfW(Nhdr))) {
            ElfW(Nhdr) note{};
            std::memcpy(&note, note_at, sizeof note);
            const std::size_t whole = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
            if (whole > left) break;
            const std::string_view name(note_at + sizeof note, note.n_namesz);
            if (note.n_type == NT_GNU_BUILD_ID && name == std::string_view("GNU\0", 4))
                return {note_at + sizeof note + padded(note.n_namesz), note.n_descsz};
            note_at += whole;
            left -= whole;
        }
    }
    return {};
}

WEFT_INLINE bool is_of_system(std::string_view path) {
    return path.starts_with("/lib") || path.starts_with("/usr/lib");
}

}  // namespace detail

WEFT_INLINE std::string program_digest() {
    std::vector<std::string> objects;
    const auto look = [](dl_phdr_info* object, std::size_t, void* all) {
        auto& found = *static_cast<std::vector<std::string>*>(all);
        const std::string_view path = object->dlpi_name == nullptr ? "" : object->dlpi_name;
        const bool program = found.empty();  // the program comes first
        if (!program && (path.empty() || path.find('/') == path.npos || detail::is_of_system(path))) return 0;
        std::string id = detail::build_id(*object);
        if (id.empty()) {
            try {
                id = sha256_of_file(program ? "/proc/self/exe" : std::string(path));
            } catch (const std::exception&) {
                id = "not known";
            }
        }
        found.push_back(std::move(id));
        return 0;
    };
    ::dl_iterate_phdr(look, &objects);
    std::sort(objects.begin(), objects.end());
    std::string all;
    for (const std::string& each : objects) all += std::to_string(each.size()) + ':' + each;
    return sha256_of(all).substr(0, 32);
}

}  // namespace weft::os
