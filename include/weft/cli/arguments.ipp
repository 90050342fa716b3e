// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/arguments.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/text/name.hpp>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <set>

namespace weft::cli {

namespace detail {

/// Processes the words of one command line; see `spell_out`.
class speller {
public:
    speller(const CLI::App& app, const plan::view& plan, int argc, const char* const* argv)
        : app_(app), plan_(plan) {
        for (int at = 1; at < argc; ++at) words_.emplace_back(argv[at]);
    }

    std::vector<std::string> spell(std::vector<std::string>& operands) {
        for (; at_ < words_.size(); ++at_) {
            const std::string& word = words_[at_];
            if (word == "--") continue;
            if (word.starts_with("--"))
                long_option(word);
            else if (word.size() > 1 && word[0] == '-')
                short_options(word);
            else
                command(word);
        }
        operands = std::move(operands_);
        return std::move(spelled_);
    }

private:
    /// The command's operand: `run`, `task`, `run...`, or none.
    static std::string_view operand_of(std::string_view command) {
        if (command == "resume" || command == "status" || command == "cancel") return "run";
        if (command == "logs" || command == "rerun") return "task";
        return command == "clean" ? "run..." : "";
    }

    const CLI::Option* find(const std::string& name) const { return app_.get_option_no_throw(name); }

    static bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

    /// `--name <value>`, as in the help.
    static std::string usage(const CLI::Option& option) {
        return fmt::format("{} {}", option.get_name(), option.get_type_name());
    }

    void long_option(const std::string& word) {
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const CLI::Option* option = find(name);
        if (option == nullptr) unknown_option(name);
        once(*option);
        if (!takes_value(*option)) {
            if (equals != word.npos)
                throw options_error(fmt::format("{} takes no value: write only {}", name, name));
            spelled_.push_back(name);
        } else if (equals != word.npos) {
            put(name, word.substr(equals + 1));
        } else {
            put(name, next_value(*option));
            // A list continues until the next option, since a shell expands `--files *.txt` to several words.
            if (const plan::parameter* const row = parameter_of(*option); row != nullptr && row->list)
                while (goes_on()) put(name, words_[++at_]);
        }
    }

    /// The workflow's parameter that an option sets, if any.
    const plan::parameter* parameter_of(const CLI::Option& option) const {
        for (const plan::parameter& row : plan_.parameters)
            if (option.get_name() == "--" + std::string(row.name)) return &row;
        return nullptr;
    }

    bool is_command(const std::string& word) const {
        const auto commands = app_.get_subcommands({});
        return std::any_of(commands.begin(), commands.end(),
                           [&](const CLI::App* each) { return each->get_name() == word; });
    }

    /// Whether the next word is another value of a list. A command's name ends the list if no command was
    /// given yet.
    bool goes_on() const {
        if (at_ + 1 == words_.size()) return false;
        const std::string& next = words_[at_ + 1];
        if (next.starts_with("--")) return false;
        if (next.size() > 1 && next[0] == '-' && find(next.substr(0, 2)) != nullptr) return false;
        return !command_.empty() || !is_command(next);
    }

    /// `-j4`, `-j 4`, `-qk`: each letter is an option; the rest of the word after an option with a value is
    /// that value.
    void short_options(const std::string& word) {
        for (std::size_t letter = 1; letter < word.size(); ++letter) {
            const std::string name{'-', word[letter]};
            const CLI::Option* option = find(name);
            if (option == nullptr) throw options_error(fmt::format("unknown option {}; see --help", word));
            once(*option);
            if (takes_value(*option)) {
                const std::string rest = word.substr(letter + 1);
                return put(name, rest.empty() ? next_value(*option) : rest);
            }
            spelled_.push_back(name);
        }
    }

    void command(const std::string& word) {
        if (const auto takes = operand_of(command_); !takes.empty()) {
            if (takes != "run..." && !operands_.empty())
                throw options_error(fmt::format("{} takes only one {}: leave out {}", command_, takes, word));
            operands_.push_back(word);
            return;
        }
        if (word == "help") return spelled_.emplace_back("--help"), void();
        if (!is_command(word)) {
            std::vector<std::string> commands;
            for (const CLI::App* command : app_.get_subcommands({})) commands.push_back(command->get_name());
            const std::string close = nearest(word, commands);
            throw options_error(fmt::format("'{}' is not a command (there are {}){}", word,
                                            fmt::join(commands, ", "),
                                            close.empty() ? "" : fmt::format("; did you mean {}?", close)));
        }
        if (!command_.empty())
            throw options_error(fmt::format("{} and {} are two commands: give only one", command_, word));
        command_ = word;
        spelled_.push_back(word);
    }

    /// The word after the current one. It must not be an option; `--name=--keep` passes such a value.
    std::string next_value(const CLI::Option& option) {
        const plan::parameter* const row = parameter_of(option);
        const bool may_stand_alone = row != nullptr && is_switch(*row);
        if (at_ + 1 < words_.size()) {
            const std::string& next = words_[at_ + 1];
            const bool is_option =
                next == "--" || (next.starts_with("--") && find(next.substr(0, next.find('='))) != nullptr);
            std::string ignored;
            if (may_stand_alone ? row->read(next, ignored) : !is_option) return words_[++at_];
        }
        if (may_stand_alone) return "true";
        throw options_error(fmt::format("{} needs a value: write {}", option.get_name(), usage(option)));
    }

    void put(const std::string& name, std::string value) {
        spelled_.push_back(name);
        spelled_.push_back(std::move(value));
    }

    void once(const CLI::Option& option) {
        const bool first = given_.insert(&option).second;
        if (!first && takes_value(option) && option.get_items_expected_max() == 1)
            throw options_error(fmt::format("{} is given twice: give it once", option.get_name()));
    }

    [[noreturn]] void unknown_option(const std::string& name) const {
        std::vector<std::string> names;
        for (const CLI::Option* option : app_.get_options())
            for (const std::string& each : option->get_lnames()) names.push_back(each);
        const std::string close = nearest(std::string_view(name).substr(2), names);
        throw options_error(
            fmt::format("unknown option {}; {}", name,
                        close.empty() ? "see --help" : fmt::format("did you mean --{}?", close)));
    }

    const CLI::App& app_;
    const plan::view& plan_;
    std::vector<std::string> words_;
    std::vector<std::string> spelled_;
    std::vector<std::string> operands_;
    std::set<const CLI::Option*> given_;
    std::string command_;
    std::size_t at_ = 0;
};

}  // namespace detail

WEFT_INLINE std::string nearest(std::string_view given, const std::vector<std::string>& names) {
    std::string best;
    std::size_t least = given.size() / 3 + 2;  // a longer word may have more errors
    for (const std::string& name : names) {
        const std::size_t distance = text::edit_distance(given, name);
        if (distance >= least || distance >= name.size()) continue;
        least = distance;
        best = name;
    }
    return best;
}

WEFT_INLINE bool is_switch(const plan::parameter& row) {
    std::string ignored;
    return row.read("true", ignored) && !row.read("", ignored);
}

WEFT_INLINE std::vector<std::string> spell_out(const CLI::App& app, const plan::view& plan, int argc,
                                               const char* const* argv, std::vector<std::string>& operands) {
    return detail::speller(app, plan, argc, argv).spell(operands);
}

}  // namespace weft::cli
