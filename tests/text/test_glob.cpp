// SPDX-License-Identifier: MIT
#include <weft/text/glob.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace text = weft::text;
using text::matches_glob;

namespace {

/// A simple reference: the pattern is a list of sets of bytes, with stars between them.
struct reference {
    struct element {
        bool star = false;
        bool has[256]{};
    };
    std::vector<element> elements;
    bool dot_first = false;

    static bool is_in(const std::string& name, int c) {
        const bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
        if (name == "alpha") return lower || upper;
        if (name == "digit") return digit;
        if (name == "upper") return upper;
        if (name == "punct") return c > 32 && c < 127 && !lower && !upper && !digit;
        return false;
    }

    bool matches(std::string_view name) const {
        if (name == "." || name == ".." || name == ".weft" || name.empty()) return false;
        if (name[0] == '.' && !dot_first) return false;
        std::vector<bool> reached(elements.size() + 1);
        const auto step = [&](std::size_t at) {
            for (; at < elements.size() && elements[at].star; ++at) reached[at + 1] = true;
        };
        reached[0] = true;
        step(0);
        for (const char c : name) {
            std::vector<bool> before = reached;
            reached.assign(elements.size() + 1, false);
            for (std::size_t at = 0; at < elements.size(); ++at) {
                if (!before[at]) continue;
                if (elements[at].star)
                    reached[at] = true;
                else if (elements[at].has[static_cast<unsigned char>(c)])
                    reached[at + 1] = true;
            }
            for (std::size_t at = 0; at < elements.size(); ++at)
                if (reached[at]) step(at);
        }
        return reached.back();
    }
};

/// A pattern of one component with a wildcard, and its meaning.
struct random_pattern {
    std::string text;
    reference means;

    explicit random_pattern(std::mt19937& random) {
        const auto below = [&](int limit) {
            return static_cast<int>(random() % static_cast<unsigned>(limit));
        };
        const std::string letters = "abcAZ019.-_]!^ %*?[";
        for (int left = 1 + below(5); left > 0; --left) {
            const bool first = text.empty();
            reference::element one;
            switch (below(5)) {
                case 0:
                    text += '*';
                    one.star = true;
                    break;
                case 1:
                    text += '?';
                    for (bool& each : one.has) each = true;
                    break;
                case 2: {
                    const char c = letters[static_cast<std::size_t>(below(11))];
                    text += c;
                    one.has[static_cast<unsigned char>(c)] = true;
                    if (first) means.dot_first = c == '.';
                    break;
                }
                case 3: {
                    const char c = letters[static_cast<std::size_t>(below(static_cast<int>(letters.size())))];
                    const char* const digits = "0123456789ABCDEF";
                    text += {'%', digits[c >> 4], digits[c & 15]};
                    one.has[static_cast<unsigned char>(c)] = true;
                    if (first) means.dot_first = c == '.';
                    break;
                }
                default:
                    bracket(random, one);
            }
            means.elements.push_back(one);
        }
        if (text.find_first_of("*?[") == text.npos) {
            text += '*';
            means.elements.push_back({true, {}});
        }
    }

    void bracket(std::mt19937& random, reference::element& one) {
        const auto below = [&](int limit) {
            return static_cast<int>(random() % static_cast<unsigned>(limit));
        };
        const int negated = below(3);
        text += negated == 0 ? "[!" : negated == 1 ? "[^" : "[";
        const auto put = [&](int from, int to) {
            for (int c = from; c <= to; ++c) one.has[c] = true;
        };
        bool any = below(3) == 0;
        if (any) text += ']', put(']', ']');
        for (int left = below(3); left > 0 || !any; --left, any = true) {
            const char* const classes[] = {"alpha", "digit", "upper", "punct", "none"};
            switch (below(6)) {
                case 0: {
                    const std::string name = classes[below(5)];
                    text += "[:" + name + ":]";
                    for (int c = 0; c < 256; ++c)
                        if (reference::is_in(name, c)) put(c, c);
                    break;
                }
                case 1:
                    text += "[.-.]";
                    put('-', '-');
                    break;
                case 2:
                    text += "[=a=]";
                    put('a', 'a');
                    break;
                case 3:
                    text += "0-9";
                    put('0', '9');
                    break;
                case 4:
                    text += "%5D";
                    put(']', ']');
                    break;
                default:
                    text += "b.";
                    put('b', 'b'), put('.', '.');
            }
        }
        if (below(4) == 0) text += '-', put('-', '-');
        text += ']';
        if (negated != 2)
            for (bool& each : one.has) each = !each;
    }
};

}  // namespace

TEST_CASE("a glob matches as a POSIX shell pattern does in the C locale") {
    CHECK(matches_glob("*.nc", "a.nc"));
    CHECK_FALSE(matches_glob("*.nc", "d/a.nc"));
    CHECK(matches_glob("d/*/f?.[a-c]", "d/x/f1.b"));
    CHECK_FALSE(matches_glob("d/*/f?.[!a-c]", "d/x/f1.b"));
    CHECK(matches_glob("*a*b*", "xxaxxbxx"));
    CHECK_FALSE(matches_glob("*a*b", "xxaxxbxx"));
    CHECK(matches_glob("[", "["));
    CHECK_FALSE(matches_glob("?", "/"));
    CHECK(matches_glob("[]x]", "]"));
    CHECK(matches_glob("[]x]", "x"));
    CHECK_FALSE(matches_glob("[!]x]", "]"));
    CHECK(matches_glob("[!]", "[!]"));
    CHECK(matches_glob("[^a]", "b"));
    CHECK_FALSE(matches_glob("[^a]", "a"));
    CHECK(matches_glob("[a^]", "^"));
    CHECK(matches_glob("x[[:digit:][:upper:]]", "xQ"));
    CHECK_FALSE(matches_glob("x[[:digit:][:upper:]]", "xq"));
    CHECK_FALSE(matches_glob("[[:nothing:]]", "n"));
    CHECK(matches_glob("[a/b]", "[a/b]"));
    CHECK(matches_glob("a\\*", "a\\b"));
    static_assert(matches_glob("[[:alpha:]]-[0-9].{x,y}", "a-1.{x,y}"));
}

TEST_CASE("a wildcard matches no leading dot, and no reserved name") {
    for (const char* pattern : {"*", "?x", "[.]x", "[!a]x", "d/*", "d/?x"}) {
        CAPTURE(pattern);
        CHECK_FALSE(matches_glob(pattern, ".x"));
        CHECK_FALSE(matches_glob(pattern, "d/.x"));
    }
    // They match the same names without the dot, so the dot alone is what they do not match.
    for (const char* pattern : {"*", "?x", "[!a]x"}) CHECK(matches_glob(pattern, "bx"));
    for (const char* pattern : {"d/*", "d/?x"}) CHECK(matches_glob(pattern, "d/bx"));
    CHECK(matches_glob(".*", ".x"));
    CHECK(matches_glob("%2E?", ".x"));
    for (const char* name : {".", "..", ".weft"})
        for (const char* pattern : {".*", ".?", ".[!x]*", "*", ".w*"})
            CHECK_FALSE(matches_glob(pattern, name));
    CHECK(matches_glob(".weft/*", ".weft/exit"));
}

TEST_CASE("an escaped character is never a wildcard") {
    CHECK_FALSE(matches_glob("%2A*", "ab"));
    CHECK(matches_glob("%2A*", "*b"));
    CHECK_FALSE(matches_glob("%3F*", "ab"));
    CHECK(matches_glob("%5Ba]*", "[a]b"));
    CHECK(matches_glob("[%21a]", "!"));
    CHECK(matches_glob("[a%5D]", "]"));
    CHECK(matches_glob("[a%2Dz]", "-"));
    CHECK_FALSE(matches_glob("[a%2Dz]", "m"));
    CHECK(matches_glob("d%2F*", "d/x"));
    CHECK(matches_glob("100%*", "100%x"));
}

TEST_CASE("random patterns match random names exactly as a simple reference says") {
    const unsigned seed = GENERATE(1u, 2u, 3u, 4u);
    std::mt19937 random(seed);
    int matched = 0;
    for (int round = 0; round < 4000; ++round) {
        const random_pattern pattern(random);
        for (int each = 0; each < 8; ++each) {
            std::string name;
            const std::string letters = "abcAZ019.-_]!^ %*?[\xc3";
            for (int left = static_cast<int>(random() % 5); left >= 0; --left)
                name += letters[random() % letters.size()];
            const bool expected = pattern.means.matches(name);
            matched += expected ? 1 : 0;
            if (matches_glob(pattern.text, name) != expected) {
                INFO("seed " << seed << ", pattern " << pattern.text << ", name " << name);
                CHECK(matches_glob(pattern.text, name) == expected);
            }
        }
    }
    CHECK(matched > 1000);
}
