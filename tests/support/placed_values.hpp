// SPDX-License-Identifier: MIT
// Commands with values in their places, as they go to a real shell.
#pragma once

#include <weft/os/process.hpp>
#include <weft/text/command.hpp>
#include <weft/text/shell_quote.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// The command with `word` in its places, quoted as the engine does; nothing if it does not compile with a
/// text there, or has no such place.
inline std::optional<std::string> with_word(std::string_view command, std::string_view word) {
    namespace text = weft::text;
    struct part {
        std::string_view before;
        text::found_piece piece;
    };
    std::vector<part> parts;
    text::command_reader reader(command, true);
    while (reader.next()) parts.push_back({reader.text().view(), reader.piece()});
    if (reader.error() != text::command_error::none) return {};
    std::string script;
    bool placed = false;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        script += parts[at].before;
        const text::found_piece& piece = parts[at].piece;
        if (piece.what == text::found_piece::kind::text) continue;
        placed = true;
        if (text::is_evaluated(piece.place) || reader.evaluates(piece.place)) return {};
        const std::string_view after = at + 1 < parts.size() ? parts[at + 1].before : std::string_view();
        if (piece.context == text::shell_context::single_quoted)
            script += text::quote_in_single(word);
        else if (piece.context == text::shell_context::double_quoted)
            script += text::quote_in_double_after(script, word);
        else if (piece.place == text::shell_place::operand)
            script += text::quote_always(word);
        else
            script += text::quote_between(script, word, after);
    }
    if (!placed) return {};
    return script;
}

inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}
inline void write_file(const std::filesystem::path& file, std::string_view contents) {
    std::ofstream(file, std::ios::binary) << contents;
}

/// Runs `driver`, a script of `shell`, in `place`.
inline void run_driver(const std::vector<std::string>& shell, const std::filesystem::path& place,
                       std::string_view driver) {
    write_file(place / "driver", driver);
    weft::os::process_start start;
    start.arguments = shell;
    start.arguments.insert(start.arguments.end(), {"-c", ". ./driver", shell.front()});
    start.environment = weft::os::environment_with({{"LC_ALL", "C"}});
    start.directory = place.string();
    weft::os::process(start).reap();
}

/// `text` with every `from` replaced.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace support
