// SPDX-License-Identifier: MIT
// Any text as a command: references and placeholders are found at their positions, no text between them is
// lost, and no accepted path leads out of its task's directory.
#include <weft/text/command.hpp>

#include "expect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

using fuzz::expect;
using namespace weft::text;

namespace {

std::string decoded_path(std::string_view path) {
    std::string plain;
    for (std::size_t at = 0; at < path.size();) plain += decoded(path, at);
    return plain;
}

bool stays_below(const std::string& path) {
    if (path.empty() || path.front() == '/' || path.find('\0') != path.npos) return false;
    for (std::size_t start = 0; start <= path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        const std::string component = path.substr(start, end - start);
        if (component.empty() || component == "." || component == "..") return false;
        start = end + 1;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool shell = (data[0] & 1u) == 0;
    // A copy, so that the sanitizer detects a read past its end.
    const std::string command(reinterpret_cast<const char*>(data) + 1, size - 1);
    command_reader reader(command, shell);
    std::string seen;
    while (reader.next()) {
        const found_piece& piece = reader.piece();
        seen += reader.text().view();
        seen += piece.whole.view();
        if (piece.what == found_piece::kind::placeholder) {
            expect(is_identifier(piece.name.view()), "a placeholder's name is an identifier");
            expect(piece.whole.view() == "{{" + std::string(piece.name.view()) + "}}", "it is written so");
        } else if (piece.what == found_piece::kind::reference) {
            const found_reference& found = piece.reference;
            expect(is_name(found.task.view()), "a task's name is a name");
            expect(stays_below(decoded_path(found.path.view())), "a path stays below", command);
        }
        // `{{{{` was read as `{{`.
        if (piece.what == found_piece::kind::text && seen.size() < command.size()) seen += "{{";
        expect(command.compare(0, seen.size(), seen) == 0, "nothing is lost or moved", command);
    }
    if (reader.error() == command_error::none) {
        expect(seen == command, "all of it was read", command);
    } else {
        const char* const at = reader.culprit().data;
        expect(at >= command.data() && at + reader.culprit().size <= command.data() + command.size(),
               "the culprit is a part of the command", command);
    }
    return 0;
}
