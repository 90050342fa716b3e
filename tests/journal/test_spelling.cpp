// SPDX-License-Identifier: MIT
// The journal preserves arbitrary bytes.
#include <weft/journal/history.hpp>
#include <weft/journal/state.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>

using namespace weft;

namespace {

/// Random bytes, including partial UTF-8, quotes, line ends and zero bytes.
class byte_source {
public:
    explicit byte_source(unsigned seed) : random_(seed) {}

    std::string next() {
        const std::string pieces[] = {"a",
                                      "\"",
                                      "\\",
                                      "\n",
                                      "%FF",
                                      "\xc3\xa9",
                                      "\xef\xbf\xbd",
                                      "\xed\xa0\x80",
                                      "\xf0\x9f\x98\x80",
                                      "\xc0\xaf",
                                      "{}",
                                      "\xff",
                                      "\x7f",
                                      "\xe2\x80",
                                      std::string(1, 0)};
        std::string text;
        for (unsigned left = draw(12); left != 0; --left)
            text += draw(3) == 0 ? std::string(1, static_cast<char>(draw(256))) : pieces[draw(15)];
        return text;
    }

private:
    unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }

    std::mt19937 random_;
};

/// Each line is valid JSON.
bool is_json(std::string_view lines) {
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        if (!nlohmann::json::accept(lines.substr(0, end))) return false;
        lines.remove_prefix(end + 1);
    }
    return true;
}

}  // namespace

TEST_CASE("texts of arbitrary bytes are read from the journal as they were written") {
    for (unsigned seed = 0; seed < 2000; ++seed) {
        CAPTURE(seed);
        byte_source bytes(seed);
        journal::history what;
        what.workflow = "flow";
        what.run = bytes.next();
        what.tasks = {bytes.next() + "A", "B"};
        options how;
        how.scratch = bytes.next();
        how.results = bytes.next();
        for (const char* name : {"bytes", "b", "c"}) how.parameters[name] = bytes.next();
        if (seed % 3 == 0) how.parameters = {{"bytes", bytes.next()}};
        if (seed % 3 == 1) how.parameters[bytes.next()] = bytes.next();
        ssh_host host;
        host.address = bytes.next();
        host.user = bytes.next();
        host.identity = bytes.next();
        host.known_hosts = bytes.next();
        host.scratch = bytes.next();
        how.hosts = {{bytes.next(), host}};

        engine::place at;
        at.name = bytes.next() + "x";
        at.machine = bytes.next();
        at.directory = bytes.next() + '/' + what.run;
        task_report row;
        row.name = what.tasks[0];
        row.attempts = 1;
        row.scratch = bytes.next();
        row.reason = bytes.next();
        engine::fingerprint made_of{{"input " + bytes.next(), bytes.next()}, {"host", bytes.next()}};
        if (seed % 2 == 0) made_of = {{"input \xff", "1"}, {"input \xfe", "2"}, {"input \xef\xbf\xbd", "3"}};

        const std::string text = journal::header_line(what) +
                                 journal::session_line(journal::this_session(1, how)) +
                                 journal::opens_line(at) + journal::begins_line(row, at, made_of) +
                                 journal::ends_line(row, task_state::failed);
        REQUIRE(is_json(text));
        const journal::history past = journal::read_history(text, "file");
        CHECK(past.run == what.run);
        CHECK(past.tasks == what.tasks);
        CHECK(past.last().options.scratch == how.scratch);
        CHECK(past.last().options.results == how.results);
        CHECK(past.last().options.parameters == how.parameters);
        const host_binding& bound = past.last().options.hosts.at(0);
        CHECK(bound.name == how.hosts[0].name);
        CHECK(bound.host.address == host.address);
        CHECK(bound.host.user == host.user);
        CHECK(bound.host.identity == host.identity);
        CHECK(bound.host.known_hosts == host.known_hosts);
        CHECK(bound.host.scratch == host.scratch);
        CHECK(past.directories.at(at.name).count(at.directory) == 1);
        const journal::task_history& task = past.of_task.at(row.name);
        CHECK(task.reason == row.reason);
        CHECK(task.newest.scratch == row.scratch);
        CHECK(task.newest.host == at.name);
        CHECK(task.newest.machine == at.machine);
        CHECK(task.newest.made_of == made_of);
    }
}

TEST_CASE("invalid hexadecimal bytes and deep nesting count as damage") {
    const std::string start = journal::header_line({}) + journal::session_line(journal::this_session(1, {}));
    const auto with = [&](const std::string& reason) {
        return start + R"({"event":"settles","task":"A","state":"failed","reason":)" + reason + "}\n";
    };
    CHECK(journal::read_history(with(R"({"bytes in hex":"00ff"})"), "f").of_task.at("A").reason ==
          std::string("\0\xff", 2));
    for (const char* wrong : {R"({"bytes in hex":"0"})", R"({"bytes in hex":"0g"})", R"({"bytes in hex":1})",
                              R"({"names and values":1})", R"({"names and values":[["a"]]})"})
        CHECK_THROWS_WITH(journal::read_history(with(wrong), "f"), Catch::Contains("damaged in line 3"));
    const std::string deep = std::string(100000, '[') + std::string(100000, ']');
    CHECK_THROWS_WITH(journal::read_history(with(deep), "f"), Catch::Contains("nested too deeply"));
}
