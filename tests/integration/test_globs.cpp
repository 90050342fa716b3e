// SPDX-License-Identifier: MIT
// One pattern matches the same files in every place that evaluates it.
#include <weft/engine/match_files.hpp>
#include <weft/graph/covers.hpp>
#include <weft/text/glob.hpp>
#include <weft/text/shell_quote.hpp>
#include <weft/transfer/archive_script.hpp>
#include <weft/weft.hpp>

#include "support/posix_shells.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

namespace fs = std::filesystem;
using paths = std::vector<std::string>;

namespace {

struct glob_bench : support::ssh_bench {
    weft::local::machine here{loop, run};
    fs::path tree = base.path() / "a tree";
    paths all;  ///< every file, directory and link below `tree`

    explicit glob_bench(std::mt19937& random) {
        const paths names{"a",  "b1", ".a", "..b", ".weft", "*",   "?",   "[a]",      "[", "]",  "a]",  "-",
                          "^a", "!a", "A",  "x y", "'q'",   "%2A", "\\a", "\xc3\xa4", "1", "nc", "a.nc"};
        fs::create_directory(tree);
        for (const std::string& name : names) {
            if (random() % 4 == 0) continue;
            if (random() % 3 != 0) {
                std::ofstream(tree / name) << name;
                continue;
            }
            fs::create_directory(tree / name);
            for (int left = static_cast<int>(random() % 5); left > 0; --left)
                std::ofstream(tree / name / names[random() % names.size()]) << "x";
        }
        fs::create_symlink("nowhere", tree / "a link");
        for (const auto& entry : fs::recursive_directory_iterator(tree))
            all.push_back(entry.path().lexically_relative(tree).string());
        std::sort(all.begin(), all.end());
    }

    /// The expected matches of the pattern: every path is compared.
    paths reference(const std::string& pattern) const {
        paths found;
        for (const std::string& path : all)
            if (weft::text::matches_glob(pattern, path)) found.push_back(path);
        return found;
    }

    /// The expansion of a word by a shell in the tree.
    paths expanded(const std::vector<std::string>& shell, const std::string& word) const {
        const fs::path out = base.path() / "out";
        const std::string script =
            "LC_ALL=C; cd " + weft::text::quote(tree.string()) + "; for p in ./" + word +
            "; do { [ -e \"$p\" ] || [ -L \"$p\" ]; } && printf '%s\\0' \"${p#./}\"; done >" +
            weft::text::quote(out.string()) + "; :";
        std::vector<std::string> command = shell;
        command.insert(command.end(), {"-c", script});
        support::run_program(command);
        paths found;
        const std::string text = support::content(out);
        for (std::size_t start = 0, end; (end = text.find('\0', start)) != text.npos; start = end + 1)
            found.push_back(text.substr(start, end - start));
        std::sort(found.begin(), found.end());
        return found;
    }
};

std::string random_glob(std::mt19937& random) {
    const paths pieces{"*",           "*",           "?",       "a",  "b",     ".",   "[!a]", "[^a]", "[]a]",
                       "[[:digit:]]", "[[:alpha:]]", "[a-c]",   "[a", "]",     "%2A", "%3F",  "%5B",  "%2E",
                       "x y",         "[!.]",        "[[.-.]]", "\\", "[%5D]", "nc",  "1"};
    std::string pattern;
    while (weft::text::check_path(pattern) != weft::text::command_error::none) {
        pattern.clear();
        for (int left = 1 + static_cast<int>(random() % 4); left > 0; --left) {
            pattern += pieces[random() % pieces.size()];
            if (left > 1 && random() % 4 == 0) pattern += random() % 5 == 0 ? "%2F" : "/";
        }
        if (!weft::text::is_glob(pattern)) pattern += '*';
    }
    return pattern;
}

}  // namespace

TEST_CASE("a random pattern matches the same files of a random tree on every route") {
    const unsigned seed = GENERATE(11u, 12u);
    std::mt19937 random(seed);
    glob_bench b(random);
    const auto edge = b.opened();
    const std::string tree = b.tree.string();
    std::size_t matched = 0;
    for (int round = 0; round < 60; ++round) {
        const std::string pattern = random_glob(random);
        INFO("seed " << seed << ", pattern " << pattern);
        const paths expected = b.reference(pattern);
        matched += expected.size();
        // staging and collect<>, here and on a host
        CHECK(b.wait(b.here.match(tree, pattern, true)) == expected);
        CHECK(b.wait(edge->match(tree, pattern, true)) == expected);
        // inputs<>, and what resume compares of them
        const weft::engine::input_files input =
            weft::engine::find_inputs(b.base.path().string(), tree + '/' + pattern);
        paths inputs = weft::engine::match_files(input.directory, input.within);
        for (std::string& path : inputs)
            path = fs::path(input.directory + '/' + path).lexically_relative(b.tree).string();
        CHECK(inputs == expected);
        // at compile time: a promise of the pattern covers all of them
        for (const std::string& path : expected)
            CHECK(weft::graph::covers(weft::graph::as_written(pattern), {path, true, false}));
        // the word for a host's shell, whichever it is, expands to all of them
        const std::string word = weft::transfer::glob_word(pattern);
        for (const auto& shell : support::posix_shells) {
            const paths more = b.expanded(shell, word);
            CHECK(std::includes(more.begin(), more.end(), expected.begin(), expected.end()));
            if (weft::transfer::is_same_in_shells(pattern)) CHECK(more == expected);
        }
        if (round % 6 != 0) continue;
        // outputs<>: the runner checks them; what it does not find is requested again
        auto what = b.shell("t" + std::to_string(round),
                            "cp -R " + weft::text::quote(tree) + "/. . || :");  // there is a .weft
        what.outputs = {pattern};
        const auto end = b.wait(edge->run(what));
        REQUIRE(end.ok());
        if (end.missing == 1u) CHECK_FALSE(expected.empty());
    }
    CHECK(matched > 50);
    b.wait(edge->close());
}

TEST_CASE("a pattern whose meaning POSIX fixes matches what sh expands it to") {
    std::mt19937 random(13);
    glob_bench b(random);
    for (const std::string pattern : {"*", "?", "a*", "[ab]*", "[!a]*", "[]a]*", "[[:digit:]]", "[[:upper:]]",
                                      "*/*", "[a-c]/*", "*]", "?.nc", "[!.a]*", "b[0-9]", "*[!c]"}) {
        CAPTURE(pattern);
        const paths expected = b.reference(pattern);
        for (const auto& shell : support::posix_shells) CHECK(b.expanded(shell, pattern) == expected);
    }
}

TEST_CASE("patterns and escapes mean the same in references, outputs, collect and files, here and on hosts") {
    using namespace weft;
    constexpr auto flow = workflow<"globs">(
        host<"edge">,
        task<"here">(sh<"touch a b1 .h '*' '*x' ']' 'a b' 7; mkdir d; touch 'd/*' d/e">) |
            outputs<"%2A", "[!a]*", "a%20b", "[]x]", ".*", "d/%2A", "a"> | collect<"%2A*", "a%20b", "[]7]">,
        task<"there">(sh<"touch a b1 .h '*' '*x' ']' 'a b' 7; mkdir d; touch 'd/*' d/e">) | on<"edge"> |
            outputs<"%2A", "[!a]*", "a%20b", "[]x]", ".*", "d/%2A", "a"> | collect<"%2A*", "a%20b", "[]7]">,
        task<"list">(
            sh<"cd .weft/inputs/globs; : workflow:///here/[!a]* workflow:///there/[^a]* workflow:///here/.* "
               "workflow:///there/.* workflow:///here/d/%2A workflow:///there/d/%2A; "
               "(cd here; find . -type f | sort) > ../../../h; (cd there; find . -type f | sort) > "
               "../../../t; cd ../../..; cmp h t; cat h">));
    support::sshd server;
    support::temporary_directory base;
    options how;
    ssh_host edge = server.binding();
    edge.scratch = (base.path() / "edge").string();
    how.hosts = {{"edge", edge}};
    how.scratch = (base.path() / "here").string();
    how.results = (base.path() / "results").string();
    const report result = run(flow, how);
    for (const task_report& task : result.tasks) {
        INFO(task.name << ": " << task.reason << "\n" << task.stderr_tail);
        CHECK(task.status == task_state::finished);
    }
    REQUIRE(result.ok());
    CHECK(support::content(fs::path(result["list"].scratch) / "h") ==
          "./*\n./*x\n./.h\n./7\n./]\n./b1\n./d/*\n./d/e\n");
    for (const char* task : {"here", "there"}) {
        paths home;
        for (const auto& entry : fs::directory_iterator(base.path() / "results" / task))
            home.push_back(entry.path().filename().string());
        std::sort(home.begin(), home.end());
        CHECK(home == paths{"*", "*x", "7", "]", "a b"});
    }
}
