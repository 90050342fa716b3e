// SPDX-License-Identifier: MIT
// A long action is read in parts. Its rows must be those of an action read in one piece, whatever the
// boundaries of the parts.
#include <weft/graph/read_part.hpp>
#include <weft/workflow.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <random>
#include <string>
#include <vector>

using namespace weft;

namespace {

constexpr std::size_t most = 64;
constexpr graph::action_bounds wide{4, most, most, true};
constexpr graph::part_limits narrow{7, 2};

/// Pieces of shell text, valid and invalid, in which a part may end.
std::string random_command(std::minstd_rand& random) {
    static const std::vector<std::string> sound{"cat ",
                                                " workflow:///a/f ",
                                                " workflow:///b/d/%41x ",
                                                " workflow:///b/d/%2A ",
                                                " workflow:///b/*%2A ",
                                                " workflow://w/c/x.txt",
                                                " {{n}}",
                                                " {{m}} ",
                                                " 'it is {{n}}'",
                                                " \"$HOME/{{m}}\"",
                                                " \"workflow:///a/f\"",
                                                " # {{n}}\n",
                                                "\n",
                                                ";\n",
                                                " $((1 + {{n}}))",
                                                " a:b:c",
                                                " workflow: ",
                                                "{{",
                                                "}} ",
                                                " $(echo {{n}}) ",
                                                "\\\n",
                                                " <<E\nworkflow:/x\nE\n",
                                                " ${x} ",
                                                " \\' ",
                                                " long plain words ",
                                                " `date` "};
    static const std::vector<std::string> faulty{
        "workflow://", "workflow:///c/", "workflow:///c/../d", "'", "\"", "workflow:///a/f,workflow:///b/g",
        "${{n}}",      "`{{n}}`"};
    std::string command;
    for (std::size_t count = random() % 12; count > 0; --count)
        command += random() % 24 == 0 ? faulty[random() % faulty.size()] : sound[random() % sound.size()];
    return command;
}

/// `decode_paths` at run time: the decoded paths with escapes of an action.
std::string decoded_all(const std::vector<text::slice>& arguments, bool shell) {
    std::string decoded;
    for (const text::slice& argument : arguments) {
        text::command_reader reader(argument.view(), shell);
        while (reader.next()) {
            if (!graph::is_decoded(reader.piece().reference)) continue;
            const std::string_view path = reader.piece().reference.path.view();
            for (std::size_t at = 0; at < path.size();) decoded += text::decoded(path, at);
        }
    }
    return decoded;
}

template <class Rows>
std::string shown(const Rows& rows) {
    std::string text =
        std::to_string(static_cast<int>(rows.error)) + ' ' + std::string(rows.culprit.view()) + '\n';
    for (graph::index at = 0; at < rows.piece_count; ++at) {
        const graph::piece_row& piece = rows.pieces[at];
        text += std::to_string(static_cast<int>(piece.what)) + ' ' +
                std::to_string(static_cast<int>(piece.context)) + ' ' + std::to_string(piece.argument) + ' ' +
                std::to_string(piece.target) + " [" + std::string(piece.text.view()) + "]\n";
    }
    for (graph::index at = 0; at < rows.mention_count; ++at) {
        const graph::mention& one = rows.mentions[at];
        text += std::string(one.whole.view()) + " = " + std::string(one.workflow.name.view()) + '|' +
                std::to_string(one.workflow.hash) + '|' + std::string(one.task.name.view()) + '|' +
                std::to_string(one.task.hash) + '|' + std::to_string(one.glob) +
                std::string(one.path.view()) + '\n';
    }
    for (graph::index at = 0; at < rows.placeholder_count; ++at)
        text += std::string(rows.placeholders[at].name.name.view()) + '|' +
                std::to_string(rows.placeholders[at].name.hash) + '|' +
                std::to_string(static_cast<int>(rows.placeholders[at].place)) +
                std::to_string(rows.placeholders[at].one_word) + '\n';
    return text;
}

}  // namespace

TEST_CASE("an action that is read in parts has the rows of one read in one piece") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::minstd_rand random(seed);
    std::size_t sound = 0;
    for (int round = 0; round < 4000; ++round) {
        const bool shell = random() % 4 != 0;
        std::vector<std::string> texts;
        for (std::size_t count = shell ? 1 : wide.arguments; count > 0; --count)
            texts.push_back(random_command(random));
        CAPTURE(round, shell, texts);
        std::vector<text::slice> arguments;
        for (const std::string& text : texts) arguments.push_back(text::sliced(text));
        // The number of an action's arguments is in its type.
        while (arguments.size() < wide.arguments) arguments.push_back({});

        const std::string decoded = decoded_all(arguments, shell);
        const auto at_once = graph::read_arguments<wide>(arguments.data(), shell, decoded.data());

        std::deque<graph::action_part<narrow>> parts;
        parts.push_back(graph::read_part_of(
            arguments.data(), wide.arguments, shell,
            graph::action_part<narrow>(text::command_reader(arguments[0].view(), shell))));
        while (!parts.back().done)
            parts.push_back(graph::read_part_of(arguments.data(), wide.arguments, shell, parts.back()));
        std::deque<std::string> decoded_parts;
        std::vector<graph::part_rows_of<narrow>> rows;
        for (const auto& part : parts) {
            std::string& paths = decoded_parts.emplace_back();
            for (graph::index at = 0; at < part.found_count; ++at) {
                if (!part.decoded[at]) continue;
                const std::string_view path = part.found[at].reference.path.view();
                for (std::size_t from = 0; from < path.size();) paths += text::decoded(path, from);
            }
            rows.push_back({&part, paths.data()});
        }
        const auto joined = graph::join_parts<wide>(rows.data(), rows.size(), shell);
        REQUIRE(shown(joined) == shown(at_once));
        sound += at_once.error == text::command_error::none;
    }
    CHECK(sound > 200);
}
