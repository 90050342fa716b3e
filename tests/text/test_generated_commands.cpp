// SPDX-License-Identifier: MIT
// Valid shell text, generated at random from the shell's grammar. weft must accept it and quote each position
// as the grammar says, and in real shells a hostile word there must have the same effect as a plain word.

#include "support/hostile_words.hpp"
#include "support/random_shell.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using weft::text::command_error;
using weft::text::command_reader;
using weft::text::found_piece;
using weft::text::shell_context;
using weft::text::shell_reading;

namespace {

std::string_view name_of(shell_context context) {
    switch (context) {
        case shell_context::single_quoted:
            return "single";
        case shell_context::double_quoted:
            return "twice";
        case shell_context::bare:
            return "bare";
        default:
            return "never";
    }
}

command_error error_of(std::string_view command, shell_reading reading) {
    command_reader reader(command, reading);
    while (reader.next()) continue;
    return reader.error();
}

/// The error in the reading of `command`, whose placeholders are named after their quoting.
std::string fault_of(const std::string& command) {
    std::string plain = command;
    for (const char* place : {"{{bare}}", "{{single}}", "{{twice}}", "{{comment}}", "{{never}}"})
        plain = support::replaced(plain, place, support::plain_word);
    for (const shell_reading reading : {shell_reading::balance, shell_reading::places})
        if (error_of(plain, reading) != command_error::none) return "refused";
    command_reader reader(command, true);
    while (reader.next()) {
        const found_piece& piece = reader.piece();
        if (piece.what == found_piece::kind::placeholder && piece.name.view() != name_of(piece.context))
            return std::string(piece.name.view()) + " is taken for " + std::string(name_of(piece.context));
    }
    if (reader.error() == command_error::none) return {};
    return reader.culprit().view() == "never" ? "" : "refused at " + std::string(reader.culprit().view());
}

/// WEFT_GENERATED_COMMANDS=n tries n commands, different ones each time.
struct amount {
    unsigned seed = 7;
    std::size_t read = 1500;
    std::size_t run = 60;

    amount() {
        const char* const asked = std::getenv("WEFT_GENERATED_COMMANDS");
        if (asked == nullptr) return;
        seed = std::random_device()();
        read = run = static_cast<std::size_t>(std::atoi(asked));
    }
};

}  // namespace

TEST_CASE("generated valid commands are accepted, and each position is quoted as the grammar says") {
    const amount wanted;
    for (const bool bash : {false, true}) {
        std::mt19937 random(wanted.seed);
        for (std::size_t count = 0; count < wanted.read; ++count) {
            const std::string command = support::random_shell(random, bash).commands();
            INFO("seed " << wanted.seed << ":\n" << command);
            REQUIRE(fault_of(command) == "");
        }
    }
}

TEST_CASE("in generated commands hostile words have the effect of plain words in real shells") {
    const amount wanted;
    support::temporary_directory base;
    for (const char* shell : {"sh", "bash"}) {
        std::mt19937 random(wanted.seed + 1);
        std::vector<support::hostile_sample> samples;
        while (samples.size() < wanted.run) {
            std::string command = "IFS=; set -f; x=a; p() { printf '<%s>' \"$@\"; }\n" +
                                  support::random_shell(random, shell == std::string_view("bash")).commands();
            const auto word = support::hostile_words[random() % std::size(support::hostile_words)];
            if (word.empty())
                continue;  // an empty word leaves the text around it, which matches other patterns
            if (auto next = support::sample_of(std::move(command), word)) samples.push_back(std::move(*next));
        }
        const std::filesystem::path place = base.path() / shell;
        std::filesystem::create_directory(place);
        for (const std::string& one : support::run_samples(shell, place, samples, true)) {
            INFO("seed " << wanted.seed << ", " << one);
            CHECK(false);
        }
    }
}
