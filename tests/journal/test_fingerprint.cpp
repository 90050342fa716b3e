// SPDX-License-Identifier: MIT
// What a task is made of: a part changes exactly when its cause does.
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

/// Which parameters are part of which task.
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

/// The parts that are not the same.
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

/// With the time of its last change in whole seconds, as some file systems have it.
void set_time(const fs::path& file, std::time_t seconds) {
    const timespec times[2]{{seconds, 0}, {seconds, 0}};
    REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("a parameter is part of the tasks that take it, commands and functions, and of no other") {
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

TEST_CASE("the program is part of functions, and of no command") {
    for (const auto& [task, parts] : made_of(flow, {})) {
        CAPTURE(task);
        const bool function = strings{"f", "g", "h", "in/make"}.count(task) != 0;
        CHECK((changed(parts, {}).count("program") != 0) == function);
    }
}

TEST_CASE(
    "the file behind a path is part of a task, whatever its times are, and a directory by what is in it") {
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
    CHECK(differs("A").empty());  // another time, the same contents
    fs::remove(home.path() / "x");
    CHECK(differs("A") == strings{"file " + at + "x"});
    write(home.path() / "x", "one");

    // A path on a host is not looked at here.
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
    CHECK(
        of_directory().empty());  // nothing tells: this is what docs/reference/journal.md says of directories
    write(home.path() / "dir/g", "");
    CHECK(of_directory() == strings{"file " + at + "dir"});
}

TEST_CASE("a file that was changed just now counts by its contents, where times have whole seconds") {
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
