// SPDX-License-Identifier: MIT
#include <weft/os/process.hpp>
#include <weft/text/hash.hpp>
#include <weft/text/name.hpp>
#include <weft/text/shell_quote.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>

namespace text = weft::text;

TEST_CASE("quoted words pass through real shells unchanged, in each kind of quotes") {
    std::vector<std::string> words = {"plain", "",      "a b",  "it's",  "say \"x\"",  "new\nline",
                                      "-rf",   "$HOME", "`id`", "\\",    "!x",         "a;b&",
                                      "~",     "#x",    "*",    "{a,b}", "grün 🧵", "$(id)\\\"'"};
    std::mt19937 random(1);
    for (int i = 0; i < 200; ++i) {
        std::string word;
        for (auto size = random() % 12; size > 0; --size) word += static_cast<char>(1 + random() % 127);
        words.push_back(word);
    }
    std::string script;
    std::string expected;
    for (const std::string& word : words) {
        for (const std::string& quoted : {text::quote(word), "'" + text::quote_in_single(word) + "'",
                                          '"' + text::quote_in_double(word) + '"'}) {
            script += "printf '%s\\0' " + quoted + '\n';
            expected += word + '\0';
        }
    }
    support::temporary_directory base;
    std::ofstream(base.path() / "script", std::ios::binary) << script;
    for (const char* shell : {"sh", "bash"}) {
        const std::string out = (base.path() / shell).string();
        {
            const weft::os::descriptor output(::open(out.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
            weft::os::process_start start;
            start.arguments = {shell, (base.path() / "script").string()};
            start.environment = weft::os::environment_with({});
            start.output = output.get();
            CHECK(weft::os::process(start).reap().code == 0);
        }
        std::ifstream in(out, std::ios::binary);
        CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == expected);
    }
}

TEST_CASE(
    "a word that needs no quotes by itself is quoted where the text beside it would change its meaning") {
    CHECK(text::quote_between("echo ", "2", " > f") == "2");
    CHECK(text::quote_between("echo ", "2", "> f") == "'2'");
    CHECK(text::quote_between("echo $x", "y", "") == "'y'");
    CHECK(text::quote_between("echo $x\\\n", "y", "") == "'y'");
    CHECK(text::quote_between("echo $x\\\ny\\\nz", "w", "") == "'w'");
    CHECK(text::quote_between("echo $x.", "y", "") == "y");
    CHECK(text::quote_between("", "x", "=1") == "'x'");
    CHECK(text::quote_between("; ", "if", "") == "'if'");
    CHECK(text::quote_between("echo {1..", "5", "}") == "5");
    CHECK(text::quote_between("echo {x,", "a,b", "}") == "'a,b'");
    CHECK(text::quote_between("echo {", "1..3", "}") == "'1..3'");
    CHECK(text::quote_between("p=", "a:", "~/bin") == "'a:'");
    CHECK(text::quote_in_double_after("echo \"$x", "y") == "\"\"y");
    CHECK(text::quote_in_double_after("echo \"$x/", "y") == "y");
}

TEST_CASE("names of tasks are names of directories, on every system") {
    for (const char* good : {"A", "a_b", "0", "x.y-z+1", "_"}) CHECK(text::is_name(good));
    for (const char* bad : {"", ".", "..", "-x", "a b", "a/b", "é", "a~2", "+", "a\n"})
        CHECK_FALSE(text::is_name(bad));
    CHECK(text::is_identifier("a_1"));
    for (const char* bad : {"", "1a", "a-b", "a.b"}) CHECK_FALSE(text::is_identifier(bad));
}

TEST_CASE("the edit distance counts letters changed, inserted and deleted") {
    CHECK(text::edit_distance("prepare", "prepare") == 0);
    CHECK(text::edit_distance("prepre", "prepare") == 1);
    CHECK(text::edit_distance("egde", "edge") == 2);
    CHECK(text::edit_distance("", "abc") == 3);
    CHECK(text::edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("hashes of similar names share no pattern in their low bits") {
    std::set<std::uint64_t> slots;
    for (int i = 0; i < 1000; ++i) slots.insert(text::hash("task" + std::to_string(i)) & 0xffffff);
    CHECK(slots.size() >= 998);
}
