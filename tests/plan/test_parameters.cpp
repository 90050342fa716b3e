// SPDX-License-Identifier: MIT
// Every type of parameter: its text, its default, and the message for an invalid value.
#include <weft/engine/command.hpp>
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

using namespace weft;
using namespace std::string_literals;

namespace field {

enum class mode { fast, exact = 3, none = -1 };
enum old { red, green = 5 };
enum class flags : unsigned char { low = 1, high = 127, beyond = 200 };

struct date {
    int year = 0;
    int month = 0;
};
bool from_string(std::string_view text, date& into) {
    return std::sscanf(std::string(text).c_str(), "%d-%d", &into.year, &into.month) == 2;
}
std::string to_string(const date& day) {
    return std::to_string(day.year) + '-' + std::to_string(day.month);
}

/// Not a literal type: its default is stored as text.
struct station {
    explicit station(std::string_view text) : name(text) {
        if (text.size() > 4) throw std::invalid_argument("expected at most 4 letters");
    }
    std::string name;
};

}  // namespace field

namespace {

constexpr auto flow = workflow<"flow">(
    param<"mode", field::mode>(field::mode::exact, "how"), param<"out", std::filesystem::path>("a b/c"),
    param<"wait", std::chrono::seconds>(1h), param<"cache", bytes>(4_GiB),
    param<"sizes", std::vector<int>>({1, 2, 3}, "grids"),
    param<"names", std::vector<std::string>>({"a,b", "it's", "$HOME\\"}),
    param<"none", std::vector<double>>({}), param<"day", field::date>(field::date{2026, 11}),
    param<"where", field::station>("BRN"), param<"must", std::vector<field::mode>>,
    task<"A">(
        sh<"for s in {{sizes}}; do echo \"$s\"; done; echo x{{sizes}}y {{none}} '{{names}}' \"{{names}}\" "
           "{{cache}} {{wait}}">),
    task<"B">(exec<"prog", "{{sizes}}", "--x={{sizes}}", "{{none}}", "--y={{none}}", "{{names}}">));

/// The result of a type's reader for a text; an error begins with "!". Zero bytes are shown as "|".
template <class T>
std::string read(std::string_view text) {
    std::string out;
    const bool fits = plan::read_value<T>(text, out);
    for (char& c : out)
        if (c == '\0') c = '|';
    return fits ? out : '!' + out;
}

const plan::parameter& row(const plan::lowered& lowered, std::string_view name) {
    for (const plan::parameter& each : lowered.view().parameters)
        if (each.name == name) return each;
    throw std::out_of_range("no such parameter");
}

std::string default_of(const plan::lowered& lowered, std::string_view name) {
    const plan::parameter& found = row(lowered, name);
    std::string out;
    CHECK(found.read(found.default_text, out));
    for (char& c : out)
        if (c == '\0') c = '|';
    return found.default_text + " -> " + out;
}

std::string shell(const std::string& script) {
    FILE* const pipe = ::popen(script.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    char some[256];
    while (const std::size_t count = std::fread(some, 1, sizeof some, pipe)) out.append(some, count);
    REQUIRE(::pclose(pipe) == 0);
    return out;
}

}  // namespace

TEST_CASE("enums are read by the names of their enumerators only") {
    CHECK(read<field::mode>("fast") == "fast");
    CHECK(read<field::mode>("none") == "none");
    CHECK(read<field::mode>("0") == "!expected none, fast or exact");
    CHECK(read<field::mode>("exakt") == "!expected none, fast or exact; did you mean exact?");
    CHECK(read<field::old>("green") == "green");
    CHECK(read<field::old>("grean") == "!expected red or green; did you mean green?");
    CHECK(read<field::flags>("high") == "high");
    CHECK(read<field::flags>("beyond") == "!expected low or high");
    CHECK(plan::parse_value<field::mode>("exact").value == field::mode::exact);
}

TEST_CASE("durations need a unit, and are exact in the unit of their type") {
    using namespace std::chrono;
    CHECK(read<seconds>("30s") == "30s");
    CHECK(read<seconds>("1.5min") == "90s");
    CHECK(read<seconds>("1h30min") == "5400s");
    CHECK(read<seconds>("0") == "0s");
    CHECK(read<seconds>("-5s") == "-5s");
    CHECK(read<milliseconds>("2h") == "7200000ms");
    CHECK(read<minutes>("1d") == "1440min");
    CHECK(read<duration<double>>("250ms") == "0.25s");
    CHECK(read<seconds>("30") == "!a duration needs its unit: write 30s, or min, h, d or ms");
    CHECK(read<milliseconds>(".3") == "!a duration needs its unit: write 0.3s, or min, h, d or ms");
    CHECK(read<milliseconds>("0.3s") == "300ms");
    CHECK(read<seconds>("1.2.3") == "!expected a duration such as 30s, 1.5min, 1h30min or 250ms");
    CHECK_THAT(read<seconds>("250ms"), Catch::StartsWith("!expected a duration in whole s from "));
    for (const char* bad : {"", "s", "1.s", "1 s", "30min1h", "1s1s", "5sec", "99999999d", "0.1ns", "-"})
        CHECK(read<seconds>(bad) == "!expected a duration such as 30s, 1.5min, 1h30min or 250ms");
    CHECK_THAT(read<duration<std::int8_t>>("200s"), Catch::Contains("whole s from -128s to 127s"));
    CHECK(plan::parse_value<seconds>("90s").value == 90s);
    CHECK(plan::shown_text(seconds(90)) == "90s");
    CHECK(plan::shown_text(milliseconds(120000)) == "2min");
    CHECK(plan::shown_text(seconds(-1)) == "-1s");
}

TEST_CASE("sizes are read with binary and decimal units and are bytes in commands") {
    CHECK(read<bytes>("4GiB") == "4294967296");
    CHECK(read<bytes>("1.5GiB") == "1610612736");
    CHECK(read<bytes>("100kB") == "100000");
    CHECK(read<bytes>("17") == "17");
    CHECK(read<bytes>("18446744073709551615") == "18446744073709551615");
    for (const char* bad :
         {"", "4G", "4gib", "-1", "0.3B", "4 GiB", "18446744073709551616", "16777216TiB", "1MB1kB"})
        CHECK_THAT(read<bytes>(bad), Catch::StartsWith("!expected a size such as 4GiB"));
    CHECK(plan::shown_text(4_GiB) == "4GiB");
    CHECK(plan::shown_text(bytes(1536 << 20)) == "1536MiB");
    CHECK(plan::shown_text(5_MB) == "5MB");
    static_assert(4_GiB == 4096_MiB && 1_kB < 1_KiB && 2 * 1_MB == 1_MB + 1_MB);
}

TEST_CASE("lists are separated by commas, and an error names the invalid element") {
    CHECK(read<std::vector<int>>("1,2,3") == "1|2|3|");
    CHECK(read<std::vector<int>>("") == "");
    CHECK(read<std::vector<int>>("1,x,3") ==
          "!element 2, 'x': expected a whole number from -2147483648 to 2147483647");
    CHECK(read<std::vector<std::string>>(R"(a\,b,c\d,e\\)") == R"(a,b|c\d|e\|)");
    CHECK(read<std::vector<std::string>>("a,,b") == "!element 2, '': an element of a list must not be empty");
    CHECK(read<std::vector<bytes>>("1kB,2") == "1000|2|");
    CHECK(read<std::vector<bool>>("yes,off") == "true|false|");
}

TEST_CASE("a value can be parsed from the output of its row's reader") {
    std::string out;
    REQUIRE(plan::read_value<std::vector<std::string>>(R"(a\,b,c)", out));
    CHECK(out == "a,b\0c\0"s);
    CHECK(plan::parse_value<std::vector<std::string>>(out).value == std::vector<std::string>{"a,b", "c"});
    REQUIRE(plan::read_value<bytes>("4GiB", out));
    CHECK(plan::parse_value<bytes>(out).value == 4_GiB);
    CHECK(plan::parse_value<int>("42").value == 42);
    CHECK(plan::parse_value<std::filesystem::path>("a b").value == std::filesystem::path("a b"));
    CHECK_FALSE(plan::parse_value<int>("x"));
}

TEST_CASE("a user's types are read by from_string or constructed from text") {
    CHECK(read<field::date>("2026-7") == "2026-7");
    CHECK(read<field::date>("soon") == "!expected a value of the type date");
    CHECK(read<field::station>("ZRH") == "ZRH");
    CHECK(read<field::station>("Zurich") == "!expected at most 4 letters");
    CHECK(read<std::string>("a\0b"s) == "!expected text without zero bytes");
}

TEST_CASE("defaults are shown as a user would write them") {
    const plan::lowered lowered(flow);
    CHECK(default_of(lowered, "mode") == "exact -> exact");
    CHECK(default_of(lowered, "out") == "a b/c -> a b/c");
    CHECK(default_of(lowered, "wait") == "1h -> 3600s");
    CHECK(default_of(lowered, "cache") == "4GiB -> 4294967296");
    CHECK(default_of(lowered, "sizes") == "1,2,3 -> 1|2|3|");
    CHECK(default_of(lowered, "names") == R"(a\,b,it's,$HOME\\ -> a,b|it's|$HOME\|)");
    CHECK(default_of(lowered, "none") == " -> ");
    CHECK(default_of(lowered, "day") == "2026-11 -> 2026-11");
    CHECK(default_of(lowered, "where") == "BRN -> BRN");
    CHECK(row(lowered, "must").required);
    CHECK(row(lowered, "must").list);
    CHECK(row(lowered, "must").choices == std::vector<std::string>{"none", "fast", "exact"});
    CHECK(row(lowered, "day").type == "date");
    CHECK(row(lowered, "sizes").description == "grids");
}

TEST_CASE("an unquoted list is one word for each element, a quoted list is one text") {
    const plan::lowered lowered(flow);
    const plan::view& view = lowered.view();
    std::vector<std::string> values;
    for (const plan::parameter& each : view.parameters)
        if (!each.required)
            CHECK(each.read(each.default_text, values.emplace_back()));
        else
            values.emplace_back();
    CHECK(shell(engine::expand(view, view.tasks[0], values, {}).script) ==
          "1\n2\n3\nx1 2 3y a,b it's $HOME\\ a,b it's $HOME\\ 4294967296 3600s\n");
    CHECK(
        engine::expand(view, view.tasks[1], values, {}).arguments ==
        std::vector<std::string>{"prog", "1", "2", "3", "--x=1", "2", "3", "--y=", "a,b", "it's", "$HOME\\"});
}
