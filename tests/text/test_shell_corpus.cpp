// SPDX-License-Identifier: MIT
// The shell scripts of this machine: weft must accept every script that bash can parse, and a value in any
// position of a script must not change the text around it. No script is run.

#include "support/placed_values.hpp"
#include "support/shell_corpus.hpp"
#include "support/shell_driver.hpp"
#include "support/temporary_directory.hpp"

#include <weft/text/command.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using weft::text::command_error;
using weft::text::command_reader;
using weft::text::found_piece;
using weft::text::shell_reading;

namespace {

/// A minimal Debian has some 150 scripts in its packages.
constexpr std::size_t fewest_scripts = 100;

const std::vector<support::corpus_script>& corpus() {
    static const std::vector<support::corpus_script> all = support::scripts_of_this_machine();
    return all;
}

/// WEFT_CORPUS_SAMPLES=n takes n samples, different ones each time.
struct amount {
    unsigned seed = 7;
    std::size_t samples = 400;

    amount() {
        const char* const asked = std::getenv("WEFT_CORPUS_SAMPLES");
        if (asked == nullptr) return;
        seed = std::random_device()();
        samples = static_cast<std::size_t>(std::atoi(asked));
    }
};

/// Whether the quotes of a text are closed. Errors of references in it are ignored, because they are not
/// meant for weft.
bool is_refused(std::string_view text) {
    for (const shell_reading reading : {shell_reading::balance, shell_reading::places}) {
        command_reader reader(text, reading);
        while (reader.next()) continue;
        if (reader.error() == command_error::unbalanced_quotes ||
            reader.error() == command_error::nested_too_deep)
            return true;
    }
    return false;
}

std::string some_lines(const std::string& text, std::mt19937& random) {
    std::vector<std::size_t> starts{0};
    for (std::size_t at = 0; at < text.size(); ++at)
        if (text[at] == '\n') starts.push_back(at + 1);
    const std::size_t first = random() % starts.size();
    const std::size_t last = std::min(starts.size() - 1, first + 1 + random() % 12);
    return text.substr(starts[first], starts[last] - starts[first]);
}

/// Parses each text with bash and `option`, without running it. Returns the output and the error messages,
/// whose last line is the status.
struct reading {
    std::string printed, complaint;
    bool sound() const { return complaint == "0\n"; }
};
std::vector<reading> read_by_bash(const std::string& option, const std::vector<std::string>& texts) {
    support::temporary_directory place;
    for (std::size_t at = 0; at < texts.size(); ++at)
        support::write_file(place.path() / ("c" + std::to_string(at)), texts[at]);
    support::run_driver(
        {"bash"}, place.path(),
        "for c in c*; do bash " + option + " ./$c >o$c 2>e$c </dev/null; echo $? >>e$c; done\n");
    std::vector<reading> result;
    for (std::size_t at = 0; at < texts.size(); ++at) {
        const std::string name = "c" + std::to_string(at);
        result.push_back({support::read_file(place.path() / ("o" + name)),
                          support::read_file(place.path() / ("e" + name))});
    }
    return result;
}

/// A position in a script where a value is inserted, and its quoting.
struct placed {
    const support::corpus_script* script = nullptr;
    std::size_t at = 0;
    std::string quoted;  ///< empty: no value is allowed there
    bool found = false;  ///< false: not a position for a value, for example in a comment

    std::string with(std::string_view word) const {
        return script->text.substr(0, at) + std::string(word) + script->text.substr(at);
    }
    std::string around() const {
        const std::size_t start = at < 200 ? 0 : at - 200;
        return script->file + ":\n" + script->text.substr(start, at - start) + " <<here>> " +
               script->text.substr(at, 80);
    }
};

/// A value that breaks out of any wrong quoting: it ends each kind of quoting, begins others, and contains
/// the delimiters of all here-documents as lines.
std::string hostile_for(std::string_view text) {
    std::string value = "x\";'`$((;\n)\n";
    for (std::size_t at = 0; (at = text.find("<<", at)) != text.npos; at += 2) {
        const std::size_t start = text.find_first_not_of("- \t'\"\\", at + 2);
        if (start == text.npos) break;
        value += text.substr(start, text.find_first_of(" \t\n'\";|&<>()", start) - start);
        value += '\n';
    }
    return value + "(";
}

/// Positions that prove nothing: after `$` and a backslash, which change the meaning of the braces; and in
/// the name of an array, `x{{n}}=( )`, which is not an assignment if a part of the name is quoted.
bool is_no_place(const std::string& text, std::size_t at) {
    if (at > 0 && (text[at - 1] == '$' || text[at - 1] == '\\')) return true;
    std::size_t end = at;
    while (end < text.size() && weft::text::is_letter_or_digit(text[end])) ++end;
    return text.compare(end, 2, "=(") == 0 || text.compare(end, 3, "+=(") == 0;
}

placed place_in(const support::corpus_script& script, std::size_t at) {
    placed one{&script, at, {}, false};
    const std::string command = one.with("{{n}}");
    command_reader reader(command, true);
    const std::string value = hostile_for(script.text);
    while (reader.next()) {
        const found_piece& piece = reader.piece();
        if (piece.what != found_piece::kind::placeholder) continue;
        one.found = true;
        one.quoted = weft::engine::detail::quoted(script.text.substr(0, at), value, script.text.substr(at),
                                                  support::quoting_of(piece));
    }
    if (reader.error() == command_error::none) return one;
    one.found = true;
    one.quoted.clear();
    return one;
}

}  // namespace

TEST_CASE("every script of this machine that bash can parse is accepted, and so are its excerpts") {
    const amount wanted;
    std::mt19937 random(wanted.seed);
    REQUIRE(corpus().size() >= fewest_scripts);
    std::vector<std::string> refused;
    std::size_t read = 0;
    for (const support::corpus_script& script : corpus()) {
        ++read;
        if (is_refused(script.text)) refused.push_back(script.text);
    }
    // Most excerpts are rejected rightly, but bash is slow to confirm it.
    std::set<std::string> seen;
    while (refused.size() < wanted.samples / 2) {
        const std::string lines = some_lines(corpus()[random() % corpus().size()].text, random);
        ++read;
        if (is_refused(lines) && seen.insert(lines).second) refused.push_back(lines);
    }
    const auto readings = read_by_bash("-n", refused);
    for (std::size_t at = 0; at < refused.size(); ++at) {
        INFO("seed " << wanted.seed << ": bash can read\n" << refused[at]);
        CHECK_FALSE(readings[at].sound());
    }
    std::printf("%zu scripts, %zu texts read, %zu refused by weft and by bash\n", corpus().size(), read,
                refused.size());
}

TEST_CASE("a value in the scripts of this machine does not change the text around it") {
    const amount wanted;
    std::mt19937 random(wanted.seed);
    constexpr std::string_view mark = "MARKw";
    std::vector<placed> places;
    std::vector<std::string> texts;
    while (places.size() < wanted.samples) {
        const support::corpus_script& script = corpus()[random() % corpus().size()];
        const std::string& text = script.text;
        // Braces and references in the script itself would be read as weft's.
        if (text.size() < 10 || text.find("{{") != text.npos || text.find("workflow:") != text.npos) continue;
        std::size_t at = random() % text.size();
        const std::size_t special = text.find_first_of("'\"`$(){}<#\\", at);
        if (random() % 3 != 0 && special != text.npos) at = std::min(special + random() % 3, text.size() - 1);
        if (is_no_place(text, at)) continue;
        places.push_back(place_in(script, at));
        const placed& one = places.back();
        texts.push_back(one.with(mark));
        // bash must not see a value in a position that weft ignores either; before a position without safe
        // quoting some construct is open.
        texts.push_back(!one.found           ? one.with("x'\"`$(;")
                        : one.quoted.empty() ? text.substr(0, at)
                                             : one.with(one.quoted));
    }
    const auto readings = read_by_bash("--pretty-print", texts);
    std::map<std::string, std::size_t> count;
    for (std::size_t at = 0; at < places.size(); ++at) {
        const placed& one = places[at];
        const reading& plain = readings[2 * at];
        const reading& hostile = readings[2 * at + 1];
        INFO("seed " << wanted.seed << ", " << one.around() << "\nbash says: " << hostile.complaint);
        if (!plain.sound()) {
            ++count["in no word"];  // a keyword or operator that the position has split
        } else if (!one.found) {
            ++count["in comments"];
            CHECK(hostile.printed == plain.printed);
            CHECK(plain.printed.find(mark) == plain.printed.npos);
        } else if (one.quoted.empty()) {
            ++count["refused"];
            CHECK_FALSE(hostile.sound());
        } else {
            ++count["quoted"];
            CHECK(hostile.printed == support::replaced(plain.printed, mark, one.quoted));
            CHECK(hostile.sound());
        }
    }
    for (const auto& [what, places_there] : count) std::printf("%zu places %s\n", places_there, what.c_str());
    CHECK(count["quoted"] > wanted.samples / 4);
}
