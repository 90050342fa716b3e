// SPDX-License-Identifier: MIT
// Fingerprints: each part changes exactly when its cause changes.
#include <weft/engine/parameters.hpp>
#include <weft/journal/fingerprint.hpp>
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include "support/run_async.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace weft;
namespace fs = std::filesystem;
using strings = std::set<std::string>;

namespace {

constexpr auto inner = workflow<"inner">(param<"size", int>(1), param<"own", int>(1),
                                         task<"make">([](int size) { return size; }, value<"size">),
                                         task<"use">(sh<"echo {{make}} {{own}}">));

const auto flow = workflow<"made">(
    as<"in">(inner) | with<"size", "b">, param<"a", int>(1), param<"b", int>(1), param<"c", int>(1),
    param<"unused", int>(1), task<"f">([](int a) { return a; }, value<"a">),
    task<"g">([](int b, int f, int again) { return b + f + again; }, value<"b">, from<"f">, value<"b">),
    task<"h">([] { return 3; }), task<"k">(sh<"echo {{c}} {{g}} {{c}}">),
    task<"m">(exec<"echo", "{{a}}", "{{h}}">));

/// Which parameters each fingerprint contains.
const std::map<std::string, strings> taken{{"in/make", {"b"}}, {"in/use", {"own"}}, {"f", {"a"}},
                                           {"g", {"b"}},       {"h", {}},           {"k", {"c"}},
                                           {"m", {"a"}}};

/// The fingerprints of all tasks of a workflow.
template <class W>
std::map<std::string, engine::fingerprint> made_of(const W& what, const options& how,
                                                   const engine::place& at = {}) {
    const plan::lowered lowered(what);
    os::reactor loop;
    journal::fingerprints prints(loop, lowered.view(), engine::parameter_values(lowered.view(), how),
                                 how.directory);
    report none;
    none.tasks.resize(lowered.view().tasks.size());
    std::map<std::string, engine::fingerprint> all;
    for (plan::index task = 0; task < lowered.view().tasks.size(); ++task)
        all[std::string(lowered.view().tasks[task].name)] =
            support::run_async(loop, prints.of(task, at, none, nullptr));
    return all;
}

/// The parts that differ.
strings changed(const engine::fingerprint& before, const engine::fingerprint& now) {
    const std::map<std::string, std::string> old(before.begin(), before.end());
    const std::map<std::string, std::string> fresh(now.begin(), now.end());
    strings names;
    for (const auto& [name, digest] : old)
        if (fresh.count(name) == 0 || fresh.at(name) != digest) names.insert(name);
    for (const auto& [name, digest] : fresh)
        if (old.count(name) == 0) names.insert(name);
    return names;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
}

/// Sets a timestamp of whole seconds, like some file systems.
void set_time(const fs::path& file, std::time_t seconds) {
    const timespec times[2]{{seconds, 0}, {seconds, 0}};
    REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("a fingerprint contains exactly the parameters that its command or function takes") {
    std::mt19937 random(16);
    const auto before = made_of(flow, {});
    REQUIRE(before.size() == taken.size());
    for (int round = 0; round < 60; ++round) {
        options how;
        for (const char* name : {"a", "b", "c", "unused"})
            if (random() % 2 == 0) how.parameters[name] = "2";
        const auto now = made_of(flow, how);
        for (const auto& [task, parameters] : taken) {
            CAPTURE(round, task);
            strings expected;
            for (const std::string& name : parameters)
                if (how.parameters.count(name) != 0) expected.insert("parameter " + name);
            CHECK(changed(before.at(task), now.at(task)) == expected);
        }
    }
}

TEST_CASE("fingerprints of functions contain the program, those of commands do not") {
    for (const auto& [task, parts] : made_of(flow, {})) {
        CAPTURE(task);
        const bool function = strings{"f", "g", "h", "in/make"}.count(task) != 0;
        CHECK((changed(parts, {}).count("program") != 0) == function);
    }
}

TEST_CASE(
    "a fingerprint contains the contents of a file parameter and the listing of a directory parameter") {
    static const auto with_files =
        workflow<"files">(param<"in", fs::path>, param<"more", std::vector<fs::path>>({}),
                          task<"A">(sh<"cat {{in}} {{more}}">), task<"B">(sh<"true">));
    const support::temporary_directory home;
    options how;
    how.directory = home.path().string();
    how.parameters = {{"in", "data"}, {"more", "x,y"}};
    const std::string at = how.directory + '/';
    const std::time_t long_ago = 1700000000;
    for (const char* name : {"data", "x", "y"}) {
        write(home.path() / name, "one");
        set_time(home.path() / name, long_ago);
    }
    const auto before = made_of(with_files, how);
    const auto differs = [&](const char* task) {
        return changed(before.at(task), made_of(with_files, how).at(task));
    };
    CHECK(differs("A").empty());
    write(home.path() / "y", "two");  // same size, same time
    set_time(home.path() / "y", long_ago);
    CHECK(differs("A") == strings{"file " + at + "y"});
    CHECK(differs("B").empty());
    write(home.path() / "y", "one");
    CHECK(differs("A").empty());  // different time, same contents
    fs::remove(home.path() / "x");
    CHECK(differs("A") == strings{"file " + at + "x"});
    write(home.path() / "x", "one");

    // Files on hosts are not read.
    engine::place host;
    host.name = "edge";
    const engine::fingerprint there = made_of(with_files, how, host).at("A");
    for (const auto& part : there) CHECK(part.first.find("file ") != 0);

    how.parameters["in"] = "dir";
    fs::create_directories(home.path() / "dir/sub");
    write(home.path() / "dir/sub/f", "one");
    set_time(home.path() / "dir/sub/f", long_ago);
    const auto listed = made_of(with_files, how).at("A");
    const auto of_directory = [&] { return changed(listed, made_of(with_files, how).at("A")); };
    CHECK(of_directory().empty());
    write(home.path() / "dir/sub/f", "two");
    CHECK(of_directory() == strings{"file " + at + "dir"});
    set_time(home.path() / "dir/sub/f", long_ago);
    CHECK(of_directory().empty());  // undetectable, as docs/reference/journal.md says of directories
    write(home.path() / "dir/g", "");
    CHECK(of_directory() == strings{"file " + at + "dir"});
}

TEST_CASE("with timestamps of whole seconds, a recently changed file counts with its contents") {
    static const auto with_file = workflow<"files">(param<"in", fs::path>, task<"A">(sh<"cat {{in}}">));
    const support::temporary_directory home;
    const fs::path directory = home.path() / "dir";
    fs::create_directory(directory);
    options how;
    how.parameters = {{"in", directory.string()}};
    write(directory / "f", "one");
    const std::time_t now = std::time(nullptr);
    set_time(directory / "f", now + 1);
    const auto before = made_of(with_file, how).at("A");
    write(directory / "f", "two");
    set_time(directory / "f", now + 1);
    CHECK(changed(before, made_of(with_file, how).at("A")) == strings{"file " + directory.string()});
}
