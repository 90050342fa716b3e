// SPDX-License-Identifier: MIT
// The reader of journals reads or rejects any file, with a line number, and a truncated journal reads as an
// earlier state, never as a later one.
#include <weft/journal/history.hpp>
#include <weft/journal/history.ipp>

#include "expect.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

using fuzz::expect;
using weft::journal::history;

std::optional<history> read(std::string_view text) {
    try {
        return weft::journal::read_history(text, "the-file", "now");
    } catch (const weft::journal::journal_error& error) {
        const std::string said = error.what();
        expect(said.find("the-file") != said.npos, "the message names the file");
        expect(said.find('\n') == said.npos, "the message is one line");
        return std::nullopt;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto whole = read(text);
    if (!whole) return 0;
    expect(whole->whole <= size, "no more is read than there is");
    expect(!whole->sessions.empty(), "it has a session");
    // Reading the complete lines again gives the same state.
    const auto again = read(text.substr(0, whole->whole));
    expect(again && again->of_task.size() == whole->of_task.size() && again->ended == whole->ended,
           "a truncated line is ignored");
    // The state before a line does not depend on that line.
    const auto last = text.substr(0, whole->whole - 1).rfind('\n');
    if (last == text.npos) return 0;
    const auto before = read(text.substr(0, last + 1));
    if (!before) return 0;  // the session's own line
    expect(before->run == whole->run && before->sessions.size() <= whole->sessions.size(),
           "lines are only added");
    for (const auto& [name, task] : before->of_task) {
        const auto now = whole->of_task.find(name);
        expect(now != whole->of_task.end(), "no task is forgotten");
    }
    return 0;
}
