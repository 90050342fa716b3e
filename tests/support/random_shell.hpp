// SPDX-License-Identifier: MIT
// Random valid shell text, generated from the shell's grammar, with placeholders whose quoting is known.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace support {

/// Generates commands of `p`, a function that prints its arguments, nested in every construct of a shell. The
/// name of each placeholder is its quoting: `{{bare}}`, `{{single}}`, `{{twice}}`, `{{comment}}`, and
/// `{{never}}` where no quoting is safe.
class random_shell {
public:
    /// `bash`: include constructs that dash does not have.
    random_shell(std::mt19937& random, bool bash) : random_(random), bash_(bash) {}

    std::string commands() {
        std::string text = list(3);
        text += end_of_line();
        return text;
    }

private:
    std::size_t below(std::size_t count) { return random_() % count; }
    bool chance(std::size_t of) { return below(of) == 0; }
    std::string_view one_of(std::initializer_list<std::string_view> texts) {
        return texts.begin()[below(texts.size())];
    }

    std::string placeholder(std::string_view how) {
        // With too many rejected samples none would remain to run.
        if (unquotable_ != 0) return chance(12) ? "{{never}}" : "M";
        return "{{" + std::string(how) + "}}";
    }

    /// A newline with the bodies of the pending here-documents.
    std::string end_of_line() {
        std::string text = "\n" + documents_;
        documents_.clear();
        return text;
    }
    /// A command separator.
    std::string separator() {
        switch (below(6)) {
            case 0:
                return " # it's \"$( `a " + std::string(in_document_ ? "" : "{{comment}} (") + end_of_line();
            case 1:
                return ";";
            case 2:
                return " ; ";
            case 3:
                return " &&" + (chance(3) ? end_of_line() : std::string(" "));
            default:
                return end_of_line();
        }
    }
    std::string blank() { return std::string(one_of({" ", " ", " ", "  ", "\t", " \\\n", " \\\n  "})); }

    std::string list(int depth) {
        std::string text = command(depth);
        for (std::size_t more = below(3); more > 0; --more) {
            text += separator();  // with the here-documents that are pending
            text += command(depth);
        }
        return text;
    }
    /// A list and the separator that a following reserved word needs.
    std::string block(int depth) {
        std::string text = list(depth);
        return text += documents_.empty() && chance(2) ? "; " : end_of_line();
    }

    std::string command(int depth) {
        if (depth <= 0) return simple(0);
        const int inner = depth - 1;
        switch (below(bash_ ? 19 : 15)) {
            case 0:
                return "{ " + block(inner) + "}";
            case 1:
                return in_parentheses("( ", list(inner), ")");
            case 2:
                return "if p " + words(inner) + "; then " + block(inner) + "fi";
            case 3:
                return choices(inner);
            case 4:
                return "for y in " + words(inner) + "; do " + block(inner) + "done";
            case 5:
            case 6:
                return document(inner);
            case 7: {
                std::string text = document(inner);
                text += one_of({" | ", "; ", " && "});
                return text += document(inner);
            }
            case 8:
                return "v=" + word(inner) + " ; p \"$v\"";
            case 9:
                return simple(inner) + " | " + one_of({"cat", "{ cat; }", "(cat)"}).data();
            case 10:
                return "f() { " + block(inner) + "} ; f";
            case 11:
                return "! " + simple(inner) + " || p " + words(inner);
            case 12:
                return in_parentheses("( ( ", list(inner), ") )");
            case 13:
                return "p $(( " + arithmetic(inner) + " ))";
            case 14:
                return simple(inner) + " >f; cat <f";
            case 15:
                return "(( " + arithmetic(inner) + " ))" + " ; " + simple(inner);
            case 16:
                return "[[ " + word(inner) + " == " + one_of({"a", "*", "@(a|b)"}).data() + " && -n x ]] ; " +
                       simple(inner);
            case 17:
                return array(inner);
            default:
                return "cat <<<" + blank() + word(inner);
        }
    }
    /// A list and its closing text, on its own line when a here-document is pending.
    std::string in_parentheses(std::string_view open, const std::string& text, std::string_view close) {
        const std::string end = !documents_.empty() ? end_of_line() : chance(2) ? " " : "";
        return std::string(open) + text + end + std::string(close);
    }
    std::string choices(int depth) {
        // No pattern that is a word matches the text around a placeholder.
        std::string text = "case " + (chance(3) ? "a" : "s" + word(depth)) + " in" + line_or_blank();
        for (std::size_t more = below(3); more > 0; --more) text += choice(depth);
        text += "*) p c";
        text += chance(3) ? end_of_line() : std::string(one_of({";; ", " ; "}));
        return text += "esac";
    }
    std::string line_or_blank() { return chance(2) ? end_of_line() : std::string(" "); }
    std::string choice(int depth) {
        std::string text(one_of({"", "(", "( "}));
        text += one_of({"a", "'b)'", "x|y", "esa", "[ab]"});
        if (chance(2)) text += "|" + placeholder("bare");
        text += one_of({") ", " ) "});
        text += list(depth);
        if (!documents_.empty()) text += end_of_line();
        text += ";;";
        return text += line_or_blank();
    }

    std::string simple(int depth) { return "p" + blank() + words(depth); }
    std::string words(int depth) {
        std::string text = word(depth);
        for (std::size_t more = below(3); more > 0; --more) text += blank() + word(depth);
        return text;
    }

    std::string array(int depth) {
        ++arrays_;
        const std::string elements = words(depth);
        --arrays_;
        return "z=( " + elements + " ) ; p \"${z[@]}\"";
    }

    /// `cat <<E`; the body follows at the next line end.
    std::string document(int depth) {
        const std::string_view name = one_of({"E", "EOF", "E-1", "done", "E.E"});
        const bool tabs = chance(3);
        const bool quoted = chance(2);
        std::string body;
        for (std::size_t lines = below(3); lines > 0; --lines) {
            if (tabs) body += "\t";
            body += one_of({"it's", "( \"", "# a", " E", "case x in a", "\\\\", "EO F", "a) b"});
            if (chance(9)) {
                ++unquotable_;
                body += placeholder("never");
                --unquotable_;
            } else if (!quoted && depth > 0 && chance(2)) {
                body += within_document(depth);
            } else if (quoted) {
                body += one_of({"$(", "`", "${", "$((", ""});
            }
            body += "\n";
        }
        const std::string marked(quoted ? one_of({"'", "\""}) : std::string_view());
        documents_ += body + (tabs ? "\t" : "") + std::string(name) + "\n";
        std::string text = "cat <<" + std::string(tabs ? "-" : "") + (chance(3) ? " " : "");
        if (quoted && marked == "'" && chance(3)) return text + "\\" + std::string(name);
        return text + marked + std::string(name) + marked;
    }
    std::string within_document(int depth) {
        const std::string outer = documents_;
        documents_.clear();
        ++unquotable_;
        const bool nested = std::exchange(in_document_, true);
        std::string text = chance(2) ? "$x" : "$(p " + word(depth - 1) + ")";
        in_document_ = nested;
        --unquotable_;
        documents_ = outer;
        return text;
    }

    std::string line(std::string_view what) {
        return in_document_ || !chance(8) ? "" : "\n" + std::string(what) + "\n";
    }
    std::string word(int depth) {
        std::string text;
        for (std::size_t parts = 1 + below(3); parts > 0; --parts) text += part(depth);
        return text;
    }
    std::string part(int depth) {
        switch (below(depth > 0 ? bash_ ? 17 : 16 : 9)) {
            case 0:
            case 1:
            case 2:
                return placeholder("bare");
            case 3:
                return "'" + std::string(one_of({"", "$(", "\"", "`", "\\", "a #", ")", "{", "\n"})) +
                       placeholder("single") + line("E") + std::string(one_of({"", "\"", "((", "}", ";;"})) +
                       "'";
            case 4:
                // In an array within `$( )`, Bash 5.2 takes an escaped quote for a quote.
                if (arrays_ != 0) return std::string(one_of({"a", "a#", "b=", "+", "a\\\nb", "{a", "$$"}));
                return std::string(one_of({"a", "a#", "b=", "+", "%", "\\'", "\\\"", "\\\\", "\\ ", "\\#",
                                           "\\$", "\\`", "a\\\nb", "-", "esac", "{a", "a}", "$$"}));
            case 5:
            case 6:
            case 7:
                return "\"" + in_double(depth) + "\"";
            case 8:
                return std::string(one_of({"$x", "${x}", "${#x}", "${x#'}'}", "${x%\"}\"}", "$#", "${x:-\\}}",
                                           "${x:-\"'\"}", "${x:-'`'}"}));
            case 9:
            case 10:
                return substitution(depth);
            case 11:
                return backquotes(depth);
            case 12:
                return "$(( " + arithmetic(depth - 1) + " ))";
            case 13:
            case 14: {
                ++unquotable_;
                std::string text = "${n:-" + part(depth - 1) + "}";
                --unquotable_;
                return text;
            }
            case 15:
                // Without a final `))`, bash parses this as a subshell in a substitution.
                return bash_ ? "$((p " + placeholder("bare") + "); p b)" : substitution(depth);
            default: {
                ++unquotable_;
                std::string text = "$'\\''";
                if (chance(2)) text = "$'it\\'s " + placeholder("never") + "\"\\\\'";
                --unquotable_;
                return text;
            }
        }
    }
    std::string in_double(int depth, bool in_braces = false) {
        std::string text;
        for (std::size_t parts = below(4); parts > 0; --parts) switch (below(depth > 0 ? 11 : 8)) {
                case 0:
                case 1:
                case 2:
                    text += placeholder("twice");
                    break;
                case 3:
                case 4:
                case 5:
                    text += one_of({"a",
                                    in_braces ? "a" : "'",
                                    " # ",
                                    "(",
                                    ")",
                                    ";",
                                    "\\\"",
                                    "\\\\",
                                    "\\$(",
                                    "\\`",
                                    in_braces ? "\\}" : "}",
                                    "{ ",
                                    "\n",
                                    ";;",
                                    "$$",
                                    "$ ",
                                    in_braces ? "$$" : "$'",
                                    "<<E ",
                                    "case a in ",
                                    "\\\n",
                                    "[["});
                    break;
                case 6:
                    text += line("E");
                    text += one_of({"$x", "${x}", "${x:-'a'}", "${x:-\"}\"}", "${x#'}'}", "${x%'\"'}",
                                    "${#x}", "${x:-\\}}"});
                    break;
                case 7:
                    text += "$(( 1 + (2) ))";
                    break;
                case 8:
                    text += substitution(depth);
                    break;
                case 9:
                    text += backquotes(depth);
                    break;
                default:
                    ++unquotable_;
                    text += "${n:-" + in_double(depth - 1, true) + "}";
                    --unquotable_;
            }
        return text;
    }

    /// A substitution has its own here-documents.
    std::string substitution(int depth) {
        const std::string outer = documents_;
        documents_.clear();
        std::string text = list(depth - 1);
        text = "$(" + (text[0] == '(' ? " " : blank_or_none()) + text;
        text += documents_.empty() ? chance(3) ? " # it's )" + end_of_line() : "" : end_of_line();
        documents_ = outer;
        return text + ")";
    }
    std::string blank_or_none() { return std::string(one_of({" ", " ", "\n", "", ""})); }
    /// Without quotes or nested backquotes, in which escapes follow another grammar.
    std::string backquotes(int) {
        return std::string(one_of({"`p a`", "`p 'b c'`", "`p \\`p a\\``", "`p \\\\a # b`"}));
    }
    std::string arithmetic(int depth) {
        switch (below(depth > 0 ? 6 : 4)) {
            case 0:
                return "1 << 2";
            case 1:
                return "(1 + 2) * (3)";
            case 2:
                return "1";
            case 3:
                return "( (1) )";
            case 4:
                return "$(p " + part(depth - 1) + " >f; echo 1 ) + 1";
            default:
                return "(" + arithmetic(depth - 1) + ") | " + arithmetic(depth - 1);
        }
    }

    std::mt19937& random_;
    bool bash_;
    int unquotable_ = 0;
    int arrays_ = 0;            ///< nesting depth of array elements
    bool in_document_ = false;  ///< whether a line must not look like the delimiter
    std::string documents_;
};

}  // namespace support
