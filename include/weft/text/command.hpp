// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/glob.hpp>
#include <weft/text/reference.hpp>
#include <weft/text/shell_scanner.hpp>
#include <weft/text/slice.hpp>

#include <cstdint>
#include <string_view>

namespace weft::text {

/// A piece of a command: a reference or a placeholder. `text` means that there is only text.
struct found_piece {
    enum class kind : std::uint8_t { text, reference, placeholder };
    kind what = kind::text;
    shell_context context = shell_context::bare;
    shell_place place = shell_place::words;
    slice whole{};  ///< as written
    slice name{};   ///< the identifier of a placeholder
    found_reference reference{};
};

/// Walks over a command and finds its pieces in order, each with the literal text before it.
///
///     command_reader reader("cat workflow:///A/f", shell_reading::places);
///     while (reader.next()) use(reader.text(), reader.piece());  // kind `text`: no piece follows
///     if (reader.error() != command_error::none) report(reader.culprit());
class command_reader {
public:
    constexpr command_reader(std::string_view command, shell_reading reading)
        : text_(command.data()),
          size_(static_cast<std::uint32_t>(command.size())),
          shell_(reading != shell_reading::argument),
          scanner_(command.data(), static_cast<std::uint32_t>(command.size()), reading) {}
    /// Without `shell` the text is an argument of a program, in which no character is special.
    constexpr command_reader(std::string_view command, bool shell)
        : command_reader(command, shell ? shell_reading::places : shell_reading::argument) {}

    /// Advances to the next piece. Returns false at the end, at an error, and at `stop`; in the last case
    /// `paused` is true, and the next call continues from there.
    constexpr bool next(std::uint32_t stop = none) {
        const std::uint32_t from = done_;
        paused_ = false;
        while (scanner_.pass_plain(stop)) {
            const std::uint32_t at = scanner_.position();
            if (at >= stop) {
                paused_ = true;
                return false;
            }
            const char c = text_[at];
            if (c == '{' && escapes_braces({text_, size_}, at)) {
                take_text(from, at + 2);
                done_ = at + 4;
                scanner_.skip(4);
                return true;
            }
            if (c == ':' || (c == '{' && at + 1 < size_ && text_[at + 1] == '{')) {
                piece_.reference.escapes = false;
                const std::uint32_t start = c == ':' ? reference_at(at, piece_) : placeholder_at(at, piece_);
                if (error_ != command_error::none) return false;
                if (start != none) {
                    done_ = start + piece_.whole.size;
                    scanner_.skip(done_ - at);
                    before_ = {text_ + from, start - from};
                    return true;
                }
            }
            if (c == '$' && reads_braces_after(at)) return false;
            scanner_.step();
        }
        take_text(from, size_);
        done_ = size_;
        if (from < size_) return true;
        finish();
        return false;
    }

    constexpr bool paused() const { return paused_; }
    /// The command has been read up to here.
    constexpr std::uint32_t position() const { return scanner_.position(); }
    /// The literal text before the piece.
    constexpr slice text() const { return before_; }
    constexpr const found_piece& piece() const { return piece_; }
    constexpr command_error error() const { return error_; }
    /// The part of the command that causes the error.
    constexpr slice culprit() const { return culprit_; }
    /// At the end: whether values in such a position are evaluated because of an attribute that the command
    /// gives to variables.
    constexpr bool evaluates(shell_place place) const { return scanner_.evaluates(place); }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// No piece follows the text.
    constexpr void take_text(std::uint32_t from, std::uint32_t end) {
        piece_.what = found_piece::kind::text;
        piece_.whole = {};
        piece_.reference.escapes = false;
        before_ = {text_ + from, end - from};
    }
    constexpr std::uint32_t fail(command_error why, slice culprit) {
        error_ = why;
        culprit_ = culprit;
        return none;
    }

    /// The start of the reference whose colon is at `at`, if there is one. It contains no quotes or escapes.
    constexpr std::uint32_t reference_at(std::uint32_t at, found_piece& found) {
        constexpr std::uint32_t letters = static_cast<std::uint32_t>(reference_scheme.size()) - 3;
        if (at < letters + scanner_.word_part_end() || at + 2 >= size_ || text_[at + 1] != '/' ||
            text_[at + 2] != '/')
            return none;
        const std::uint32_t start = at - letters;
        if (slice{text_ + start, letters} != slice{reference_scheme.data(), letters}) return none;
        found.context = scanner_.context();
        if (found.context == shell_context::comment) return none;
        found.what = found_piece::kind::reference;
        const command_error wrong = read_reference(
            text_, start, size_, found.context == shell_context::single_quoted, found.reference);
        found.whole = found.reference.whole;
        if (wrong != command_error::none) return fail(wrong, found.whole);
        found.place = shell_place::words;
        if (found.context == shell_context::unquotable)
            return fail(command_error::unquotable_place, found.whole);
        found.place = scanner_.place(start, start + found.whole.size);
        if (is_evaluated(found.place)) return fail(command_error::unquotable_place, found.whole);
        if (takes_one_word(found.place) && is_glob(found.reference.path.view()))
            return fail(command_error::one_word_place, found.whole);
        return start;
    }

    /// `at`, if a placeholder begins there. Callers that know its type check whether its value may be in that
    /// position.
    constexpr std::uint32_t placeholder_at(std::uint32_t at, found_piece& found) {
        std::uint32_t end = at + 2;
        while (end < size_ && is_letter_or_digit(text_[end])) ++end;
        if (end + 1 >= size_ || text_[end] != '}' || text_[end + 1] != '}') return none;
        found.name = {text_ + at + 2, end - at - 2};
        if (!is_identifier(found.name.view())) return none;
        found.context = scanner_.context();
        if (found.context == shell_context::comment) return none;
        found.what = found_piece::kind::placeholder;
        found.whole = {text_ + at, end + 2 - at};
        found.place = shell_place::words;
        if (found.context == shell_context::unquotable)
            return fail(command_error::unquotable_place, found.name);
        found.place = scanner_.place(at, end + 2);
        return at;
    }

    /// `${{name}}` is a placeholder to its author, but `${` to a shell, which cannot parse the rest.
    constexpr bool reads_braces_after(std::uint32_t at) {
        if (!shell_ || at + 2 >= size_ || text_[at + 1] != '{' || text_[at + 2] != '{') return false;
        const shell_context here = scanner_.context();
        if (here != shell_context::bare && here != shell_context::double_quoted) return false;
        if (placeholder_at(at + 1, piece_) != none) fail(command_error::unquotable_place, piece_.name);
        return error_ != command_error::none;
    }

    constexpr void finish() {
        if (!shell_) return;
        scanner_.finish();
        if (scanner_.error() != command_error::none) {
            fail(scanner_.error(), {text_, size_});
            return;
        }
        std::uint32_t at = 0;
        while (at < size_ && contains(" \t\n\r", text_[at])) ++at;
        if (at == size_) fail(command_error::empty, {text_, size_});
    }

    const char* text_;
    std::uint32_t size_;
    std::uint32_t done_ = 0;  ///< pieces have been found up to here
    bool shell_;
    bool paused_ = false;
    command_error error_ = command_error::none;
    slice culprit_{};
    shell_scanner scanner_;
    slice before_{};
    found_piece piece_{};
};

}  // namespace weft::text
