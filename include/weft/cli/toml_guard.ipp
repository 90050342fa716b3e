// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/toml_guard.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/text/name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace weft::cli::detail {

/// Checks the content line by line; see `guard_toml`.
class toml_guard {
public:
    toml_guard(std::string_view path, std::string_view content) : path_(path) {
        while (!content.empty()) {
            line_ = content.substr(0, content.find('\n'));
            content.remove_prefix(std::min(content.size(), line_.size() + 1));
            ++number_;
            check_header();
            check_characters();
        }
    }

private:
    [[noreturn]] void fail(std::size_t at, std::string_view what) const {
        throw options_error(fmt::format("{}:{}:{}: {}", path_, number_, at + 1, what));
    }

    void check_header() const {
        constexpr std::string_view blank = " \t";
        std::size_t at = line_.find_first_not_of(blank);
        if (at == line_.npos || line_[at] != '[') return;
        at = line_.find_first_not_of(blank, at + 1);
        if (at != line_.npos && line_[at] == '[') at = line_.find_first_not_of(blank, at + 1);
        constexpr std::string_view names = "-_\"']";
        if (at == line_.npos || (!text::is_letter_or_digit(line_[at]) && names.find(line_[at]) == names.npos))
            fail(std::min(at, line_.size()),
                 "a host's name must consist of letters, digits, '_' and '-', or be quoted");
    }

    void check_characters() const {
        for (std::size_t at = 0; at < line_.size() && line_[at] != '#'; ++at) {
            if (line_[at] == '"' || line_[at] == '\'')
                at = end_of_string(at);
            else if (static_cast<unsigned char>(line_[at]) > 127)
                fail(at, "only quoted text and comments may contain letters that are not ASCII");
        }
    }

    /// The end of the string that starts at `at`, or of the line; toml++ reports an unclosed string.
    std::size_t end_of_string(std::size_t at) const {
        const char quote = line_[at];
        if (line_.substr(at, 3) == std::string(3, quote))
            fail(at, "multi-line strings are not supported here: write the text in one pair of quotes");
        for (++at; at < line_.size() && line_[at] != quote; ++at)
            if (quote == '"' && line_[at] == '\\') ++at;
        return at;
    }

    std::string_view path_;
    std::string_view line_;
    std::size_t number_ = 0;
};

WEFT_INLINE void guard_toml(std::string_view path, std::string_view content) {
    toml_guard(path, content);
}

}  // namespace weft::cli::detail
