// SPDX-License-Identifier: MIT
#include <weft/text/command.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using weft::text::command_error;
using weft::text::found_piece;
using weft::text::shell_context;
using weft::text::shell_place;

namespace {

/// A piece that outlives its command.
struct piece {
    found_piece::kind what;
    shell_context context;
    shell_place place;
    std::string whole, workflow, name, path;

    explicit piece(const found_piece& found)
        : what(found.what),
          context(found.context),
          place(found.place),
          whole(found.whole.view()),
          workflow(found.reference.workflow.view()),
          name(what == found_piece::kind::reference ? found.reference.task.view() : found.name.view()),
          path(found.reference.path.view()) {}
};

struct reading {
    command_error error = command_error::none;
    std::vector<piece> pieces;
};

reading read(std::string_view command, bool shell = true) {
    reading result;
    weft::text::command_reader reader(command, shell);
    while (reader.next()) {
        found_piece text;
        text.whole = reader.text();
        if (text.whole.size != 0) result.pieces.emplace_back(text);
        if (reader.piece().what != found_piece::kind::text) result.pieces.emplace_back(reader.piece());
    }
    result.error = reader.error();
    return result;
}

/// The references and placeholders of a command.
std::vector<piece> found(std::string_view command) {
    std::vector<piece> result;
    const reading all = read(command);
    CHECK(all.error == command_error::none);
    for (const piece& one : all.pieces)
        if (one.what != found_piece::kind::text) result.push_back(one);
    return result;
}

shell_place place_of(std::string_view command) {
    const auto pieces = found(command);
    REQUIRE(pieces.size() == 1);
    return pieces[0].place;
}

shell_context context_of(std::string_view command) {
    const auto pieces = found(command);
    REQUIRE(pieces.size() == 1);
    return pieces[0].context;
}

}  // namespace

TEST_CASE("a reference ends at white space, a quote, or an operator of the shell") {
    for (const char* end : {" ", "\t", "\n", ";", "|", "&", "<", ">", ")", "'", "\"", ""}) {
        std::string command = "cat workflow:///A/out/f1.txt" + std::string(end);
        if (*end == '\'' || *end == '"') command += "x" + std::string(end);
        const auto pieces = found(command);
        REQUIRE(pieces.size() == 1);
        CHECK(pieces[0].whole == "workflow:///A/out/f1.txt");
        CHECK(pieces[0].name == "A");
        CHECK(pieces[0].path == "out/f1.txt");
        CHECK(pieces[0].workflow.empty());
    }
}

TEST_CASE("references may be anywhere in a command: after = < : , and several times") {
    const auto pieces = found("f --in=workflow:///A/a <workflow:///B/b x:workflow:///C/c,workflow://w/D/d");
    REQUIRE(pieces.size() == 4);
    CHECK(pieces[0].path == "a");
    CHECK(pieces[1].path == "b");
    CHECK(pieces[2].path == "c");
    CHECK(pieces[3].path == "d");
    CHECK(found("cat workflow:///A/a,b:c").at(0).path == "a,b:c");  // otherwise they are characters of names
    CHECK(found("a,workflow:///C/c").at(0).path == "c");
    CHECK(found("x workflow://w/D/d").at(0).workflow == "w");
    CHECK(found("cat workflow:///A/dir/").at(0).path == "dir");
}

TEST_CASE("only {{identifier}} is a placeholder, other braces are the shell's and awk's") {
    CHECK(found("echo {{n}} {{a_1}}").size() == 2);
    for (const char* none :
         {"echo {n}", "awk '{print $1}'", "echo {{ n }}", "echo {{1n}}", "echo ${x}", "{ a; }", "echo {{}}"})
        CHECK(found(none).empty());
}

TEST_CASE("four braces are two literal braces, in each kind of quotes and in a program's argument") {
    const auto text_of = [](std::string_view command, bool shell) {
        std::string together;
        const reading all = read(command, shell);
        CHECK(all.error == command_error::none);
        for (const piece& one : all.pieces)
            together += one.what == found_piece::kind::text ? one.whole : "<" + one.name + ">";
        return together;
    };
    for (const char* around :
         {"%", "'%'", "\"%\"", "\"$(echo %)\"", "`%`", "${x:-%}", "$'%'", "$((%))", "a[%]=1",
          "case % in %) ;; esac", "[[ % == a ]]", "a=%", "<f%", "cat <<E\n%\nE", "cat <<'E'\n%%\nE"}) {
        for (const bool shell : {true, false}) {
            std::string written, meant;
            for (const char* c = around; *c != '\0'; ++c) {
                written += *c == '%' ? "{{{{end}}" : std::string(1, *c);
                meant += *c == '%' ? "{{end}}" : std::string(1, *c);
            }
            INFO(written);
            CHECK(text_of(written, shell) == meant);
        }
    }
    CHECK(text_of("'{{{{.Ports}}' '{{.Ports}}' {{{{{{n}} {{{n}}} '${{{{ x }}' {{n}}}}}} {{{{n}}}}", true) ==
          "'{{.Ports}}' '{{.Ports}}' {{<n> {<n>} '${{ x }}' <n>}}}} {{n}}}}");
    CHECK(weft::text::unescaped_braces("{{{{n}} {{.x}} {{{{{{ {{{") == "{{n}} {{.x}} {{{{ {{{");
}

TEST_CASE("the concatenated pieces of a command are the command") {
    for (const char* command :
         {"cat workflow:///A/f > {{n}}.txt", "echo", "{{n}}", "workflow:///A/f workflow:///A/f"}) {
        std::string together;
        for (const piece& one : read(command).pieces) together += one.whole;
        CHECK(together == command);
    }
}

TEST_CASE("the quoting of a position follows the shell's grammar") {
    using enum shell_context;
    CHECK(context_of("echo {{n}}") == bare);
    CHECK(context_of("echo '{{n}}'") == single_quoted);
    CHECK(context_of("echo \"{{n}}\"") == double_quoted);
    CHECK(context_of("echo \"$(cat {{n}})\"") == bare);
    CHECK(context_of("echo \"$(cat \"{{n}}\")\"") == double_quoted);
    CHECK(context_of("echo \"a\\\"{{n}}\"") == double_quoted);
    CHECK(context_of("echo \\'{{n}}") == bare);
    CHECK(context_of("echo \"it's {{n}}\"") == double_quoted);
    CHECK(context_of("echo '\"' {{n}} '\"'") == bare);
    CHECK(context_of("x=a#b; echo {{n}}") == bare);
    CHECK(context_of("# it's a comment {{x}}\necho {{n}}") == bare);
    CHECK(context_of("case $x in a) echo;; *) echo 'b';; esac; echo {{n}}") == bare);
    CHECK(context_of("echo $((1 << 2)); echo {{n}}") == bare);
    CHECK(context_of("(cd x; echo '(') | cat {{n}}") == bare);
    CHECK(context_of("cat <<EOF\nit's \"text\nEOF\necho {{n}}") == bare);
    CHECK(context_of("cat <<-'E F'\n\t$(\n\tE F\necho {{n}}") == bare);
    CHECK(context_of("cat <<< 'x'; echo {{n}}") == bare);
}

TEST_CASE("invalid references are rejected, each with its own error") {
    using enum command_error;
    CHECK(read("").error == empty);
    CHECK(read(" \t\n").error == empty);
    CHECK(read("echo it's").error == unbalanced_quotes);
    CHECK(read("echo \"a").error == unbalanced_quotes);
    CHECK(read("echo $(a").error == unbalanced_quotes);
    CHECK(read("cat workflow:///A").error == empty_path);
    CHECK(read("cat workflow:///A/").error == empty_path);
    CHECK(read("cat workflow://A").error == malformed_reference);
    CHECK(read("cat workflow:///a%20b/x").error == malformed_reference);
    CHECK(read("cat workflow:///A/x%2").error == malformed_reference);
    CHECK(read("cat workflow:///A/x%zz").error == malformed_reference);
    CHECK(read("cat workflow:///A/x%00").error == malformed_reference);
    CHECK(read("cat workflow:///A/./x").error == malformed_reference);
    CHECK(read("cat workflow:///A/{{n}}").error == malformed_reference);
    CHECK(read("cat workflow:///A//etc/passwd").error == absolute_path);
    for (const char* leaves : {"..", "../x", "x/..", "x/../y", "%2e%2e/x", "x/%2E./y"})
        CHECK(read("cat workflow:///A/" + std::string(leaves)).error == path_leaves);
    CHECK(read("cat workflow:///A/...").error == none);
    CHECK(read("cat workflow:///A/$i").error == shell_syntax_in_path);
    CHECK(read("cat \"workflow:///A/$i\"").error == shell_syntax_in_path);
    CHECK(read("cat 'workflow:///A/$i'").error == none);
    CHECK(read("cat <<EOF\n{{n}}\nEOF").error == unquotable_place);
}

TEST_CASE("quotes in a program's arguments are not special") {
    CHECK(read("it's", false).error == command_error::none);
    CHECK(read("'{{n}}'", false).pieces.at(1).context == shell_context::bare);
}

TEST_CASE("values are rejected where a shell reads them twice or by other rules") {
    using enum command_error;
    for (const char* refused :
         {"echo `cat {{n}}`", "echo \"`echo \\\"{{n}}\\\"`\"", "echo ${x:-{{n}}}", "echo \"${x:-\"{{n}}\"}\"",
          "echo $'a\\'{{n}}'", "cat <<EOF\nworkflow:///A/f\nEOF", "cat <<A <<B\nB\nA\n{{n}}\nB",
          "cat <<EOF\n\tEOF\n{{n}}\nEOF", "cat <<EOF\na\\\nEOF\n{{n}}\nEOF", "echo $((workflow:///A/f))",
          "echo ${{n}}", "echo \"a ${{n}} b\"", "echo ${{{n}}}"})
        CHECK(read(refused).error == unquotable_place);
    // In arguments of a program `${` is not special.
    for (const char* good : {"echo '${{n}}'", "echo \\${{n}}", "echo $${{n}}", "echo ${a}{{n}}"})
        CHECK(context_of(good) != shell_context::unquotable);
    CHECK(read("${{n}}", false).error == none);
}

TEST_CASE("a position in arithmetic is recognized") {
    using enum shell_place;
    CHECK(place_of("echo $(( {{n}} + 1 ))") == arithmetic);
    CHECK(place_of("echo $(( (2 + {{n}}) * 2 ))") == arithmetic);
    CHECK(place_of("echo $(( \"{{n}}\" ))") == arithmetic);
    CHECK(place_of("((i += {{n}})); echo") == arithmetic);
    CHECK(place_of("for ((i = 0; i < {{n}}; ++i)) do echo; done") == arithmetic);
    CHECK(place_of("echo $(( (1 << 2) + $(cat {{n}}) ))") == words);
    CHECK(place_of("echo $(( (1 << 2) ))\necho {{n}}") == words);
    CHECK(place_of("echo \"$((echo a; echo ')') | cat {{n}})\"") == words);  // a subshell in a substitution
    CHECK(place_of("((echo a) | cat {{n}})") == words);
    CHECK(read("echo $((workflow:///A/f))").error == command_error::unquotable_place);
}

TEST_CASE("a construct that a shell closes early is closed at the same position") {
    using enum shell_context;
    CHECK(context_of("echo \"$(case $x in a) cat {{n}};; esac)\"") == bare);
    CHECK(context_of("echo \"$(case $x in (a) cat f;; esac) {{n}}\"") == double_quoted);
    CHECK(context_of("echo \"$(if :; then case $x in a) :;; b) :;; esac; fi) {{n}}\"") == double_quoted);
    CHECK(context_of("echo \"$(echo in case of fire) {{n}}\"") == double_quoted);
    CHECK(context_of("echo $(x)#'{{n}}'") == single_quoted);
    CHECK(context_of("echo a\\ #'{{n}}'") == single_quoted);
    CHECK(context_of("echo \"${x#\"a'\"}\" {{n}}") == bare);
    CHECK(context_of("echo \"${x#'\"'}\" {{n}}") == bare);
    CHECK(read("echo \"${#x}${x[1]%it's}\" {{n}} \"it's}\"").error == command_error::unquotable_place);
    CHECK(context_of("echo \"${x:-'a'}\" {{n}}") == bare);
    CHECK(context_of("echo ${x:-'}'} {{n}}") == bare);
    CHECK(context_of("echo $'it\\'s' {{n}}") == bare);
    CHECK(context_of("cat <<A <<B\n'\nA\n\"\nB\necho {{n}}") == bare);
    CHECK(found("# workflow:///A/f\necho workflow:///B/f").size() == 1);
    CHECK(found("echo \\workflow:///A/f").empty());
}

TEST_CASE("text that only looks like shell syntax does not hide the kind of a position") {
    using enum shell_context;
    CHECK(context_of("echo \"$$(echo {{n}})\"") == double_quoted);
    CHECK(context_of("echo a \\\n#'\necho '{{n}}'") == single_quoted);
    CHECK(context_of("echo a\\\n#'{{n}}'") == single_quoted);
    CHECK(context_of("echo \"$(echo '; case ') {{n}} ; esac)\"") == double_quoted);
    CHECK(context_of("echo \"$(echo \\; case) {{n}}\"") == double_quoted);
    CHECK(place_of("a[{{n}}]=1") == shell_place::arithmetic);
    CHECK(read("echo $[ {{n}} + a[1] ]").error == command_error::unquotable_place);
    CHECK(context_of("echo $[ 1 + a[1] ] {{n}}") == bare);
    CHECK(read("cat <<A $(echo\nA\n)\n{{n}}\nA").error == command_error::unquotable_place);
    CHECK(context_of("cat <<A; echo $(cat <<B\nit's\nB\necho {{n}})\nit's\nA\n") == bare);
    CHECK(context_of("cat <<A\n\\\\\nA\necho {{n}}") == bare);
    CHECK(read("cat <<$' {{n}}").error == command_error::unbalanced_quotes);
}

TEST_CASE(
    "text that bash and other shells parse differently is accepted without a placeholder and rejected with "
    "one") {
    for (const char* text :
         {"echo \"${x:-it's}\" 'b' \"${x:-it's}\"", "echo \"${x:-'}'}\"", "p $(z=( \\' \\' ))"}) {
        weft::text::command_reader alone(text, weft::text::shell_reading::balance);
        while (alone.next()) continue;
        CHECK(alone.error() == command_error::none);
        CHECK(read(std::string(text) + " {{n}}").error == command_error::read_differently);
    }
    CHECK(read("echo $(cat <<E) {{n}}\nE\n").error == command_error::read_differently);
}

TEST_CASE("nesting that is too deep is rejected with its own error") {
    std::string open, close;
    for (int depth = 0; depth < 33; ++depth) open += "$(echo ", close += ")";
    CHECK(read("echo " + open + close).error == command_error::nested_too_deep);
    CHECK(found("echo " + open.substr(7) + close.substr(1) + " {{n}}").size() == 1);
    std::string documents = "cat", bodies = "\n";
    for (int count = 0; count < 17; ++count) documents += " <<E", bodies += "E\n";
    CHECK(read(documents + bodies).error == command_error::nested_too_deep);
}
