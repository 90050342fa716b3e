// SPDX-License-Identifier: MIT
#include <weft/show/log.hpp>

#include <catch2/catch.hpp>

using weft::show::printable;
using namespace std::string_literals;

TEST_CASE("printable text is unchanged") {
    for (const char* text :
         {"", "A: waiting", "naïve café", "日本語", "🙂", "back\\slash", "'quoted' \"twice\""})
        CHECK(printable(text) == text);
}

TEST_CASE("control characters are escaped") {
    CHECK(printable("two\nlines\tand a tab") == "two\\nlines\\tand a tab");
    CHECK(printable("\x1b[31mred") == "\\x1b[31mred");
    CHECK(printable("bell\a, return\r, delete\x7f") == "bell\\x07, return\\x0d, delete\\x7f");
    CHECK(printable("nothing\0here"s) == "nothing\\x00here");
    // U+009B is equivalent to ESC [.
    CHECK(printable("\xc2\x9b"
                    "31m") == "\\xc2\\x9b31m");
}

TEST_CASE("bytes that are not UTF-8 are shown in hexadecimal") {
    CHECK(printable("\xff") == "\\xff");
    CHECK(printable("caf\xe9") == "caf\\xe9");                       // Latin-1
    CHECK(printable("\xc3") == "\\xc3");                             // cut off
    CHECK(printable("\xe6\x97") == "\\xe6\\x97");                    // cut off later
    CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
    CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // half of a surrogate pair
    CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
    CHECK(printable("\xf0\x8f\xbf\xbf") == "\\xf0\\x8f\\xbf\\xbf");  // overlong
    CHECK(printable("\x80 between \xbf") == "\\x80 between \\xbf");  // continuations of nothing
}

TEST_CASE("characters that disguise a text are shown in hexadecimal") {
    CHECK(printable("a\u202e"
                    "exe.txt") == "a\\xe2\\x80\\xaeexe.txt");
    for (const char* hidden : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u2066", "\u2069",
                               "\ufeff", "\U000e0041"})
        CHECK(printable(hidden).starts_with("\\x"));
    // Joiners are part of normal text.
    CHECK(printable("\u200d") == "\u200d");
}

TEST_CASE("text of several lines keeps line feeds and tabs") {
    CHECK(weft::show::printable_lines("a\tb\nc\r\n\x1b[2J") == "a\tb\nc\\x0d\n\\x1b[2J");
}
