// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/named_streams.hpp>
#include <weft/remote/named_streams_script.hpp>
#include <weft/remote/resident_script.hpp>
#include <weft/remote/resident_shell.hpp>
#include <weft/remote/runner_script.hpp>
#include <weft/text/command.hpp>
#include <weft/text/glob.hpp>
#include <weft/text/shell_quote.hpp>
#include <weft/text/wanted_path.hpp>
#include <weft/transfer/archive_script.hpp>
#include <weft/transfer/tree_check_script.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>

namespace weft::remote::resident {

namespace detail {

WEFT_INLINE std::string number(std::uint64_t id) {
    return std::to_string(id);
}

WEFT_INLINE std::string parent_of(std::string_view path) {
    return std::filesystem::path(path).parent_path().string();
}

/// Makes the runner check the promised outputs, which saves a request: the exit code is followed by the
/// number of the first missing one, or 0.
WEFT_INLINE std::string promises_of(const engine::attempt& attempt) {
    std::string commands;
    for (std::size_t at = 0; at < attempt.outputs.size(); ++at) {
        const text::wanted_path promised = text::wanted(attempt.outputs[at]);
        commands += " weft_have " + std::to_string(at + 1);
        if (!promised.glob)
            commands += " ./" + text::quote(promised.text);
        else if (transfer::is_same_in_shells(promised.text))
            commands += " ./" + transfer::glob_word(promised.text);
        else
            commands += " ''";  // reported as missing; then it is requested and matched by the engine
        commands += " &&";
    }
    if (commands.empty()) return ":;";
    // Patterns are expanded bytewise; the locale is restored for the next task.
    return " weft_locale=${LC_ALL+x$LC_ALL}; LC_ALL=C;" + commands +
           " weft_missing=0; weft_code=\"$weft_code $weft_missing\"; unset LC_ALL;"
           " [ -z \"$weft_locale\" ] || export LC_ALL=\"${weft_locale#x}\";";
}

/// Makes the runner check, before and after the task, whether the task writes to its inputs.
WEFT_INLINE std::string inputs_of(const engine::attempt& attempt) {
    if (attempt.links.empty() || attempt.writable_inputs) return ":;";
    std::string commands;
    for (std::size_t at = 0; at < attempt.links.size(); ++at)
        commands += " weft_input " + std::to_string(at + 1) + ' ' + text::quote(attempt.links[at].directory) +
                    ' ' + text::quote(attempt.links[at].path) + ';';
    return commands;
}

/// Commands of the resident shell that export the secrets for a task's runner: they are in no file and in no
/// argument on the host.
WEFT_INLINE std::string secrets_of(const engine::attempt& attempt) {
    std::string commands;
    for (const auto& [name, value] : attempt.secrets)
        commands += " export " + name + '=' + text::quote(value) + ';';
    return commands;
}

}  // namespace detail

WEFT_INLINE std::string hello(std::string_view nonce, std::string_view run, std::string_view base) {
    std::string text = "weft_nonce=" + text::quote(nonce) + "\nweft_run=" + text::quote(run) + '\n';
    // Precedes everything that some sh does not understand.
    text +=
        "exec 3>&2\nweft_fit=here\nsh -c ': >&3' 2>/dev/null || weft_fit=unfit\n"
        "printf '%s 0 done %s\\n' \"$weft_nonce\" \"$weft_fit\"\n";
    const std::string shared(detail::shared_functions);
    const std::string runner = shared + std::string(detail::named_streams);
    text += "weft_runner=" + text::quote(runner + std::string(detail::runner)) + '\n';
    text += shared;
    text += transfer::detail::tree_check;
    text += detail::functions;
    text += "weft_home=" + text::quote(std::string(base) + '/' + std::string(run)) + '\n';
    return text + "weft_data 0 weft_tools " + text::quote(base) + "\nweft_runners 1\n";
}

namespace detail {

WEFT_INLINE std::string begin(const engine::attempt& attempt, const std::vector<std::string>& expected) {
    std::string text = "weft_begin " + text::quote(attempt.scratch);
    for (const std::string& scratch : expected) text += ' ' + text::quote(scratch);
    return text;
}

/// Whether some shells reject the variable in front of a command; it is then set in a subshell.
WEFT_INLINE bool is_of_the_shell(std::string_view name) {
    constexpr std::string_view names[] = {"BASHOPTS", "BASH_VERSINFO", "EUID", "OPTIND",
                                          "PPID",     "SHELLOPTS",     "UID"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

using variables = std::vector<std::pair<std::string, std::string>>;

WEFT_INLINE variables environment_of(const engine::attempt& attempt) {
    variables all = attempt.environment;
    all.emplace_back("WEFT_RUN", attempt.run);
    all.emplace_back("WEFT_TASK", attempt.task);
    all.emplace_back("WEFT_ATTEMPT", std::to_string(attempt.number));
    return all;
}

/// The job file for a runner: its data about the attempt, and the command that starts it.
WEFT_INLINE std::string job_of(std::uint64_t id, const engine::attempt& attempt,
                               const variables& environment) {
    std::string call;
    bool apart = false;
    for (const auto& [name, value] : environment) {
        call += name + '=' + text::quote(value) + ' ';
        apart = apart || is_of_the_shell(name);
    }
    std::string job = "weft_id=" + number(id) + " weft_scratch=" + text::quote(attempt.scratch) +
                      "\nweft_promised() { " + promises_of(attempt) + " }\nweft_inputs() { " +
                      inputs_of(attempt) + " }\nweft_call() { " + (apart ? "weft_apart " : call) +
                      "\"$@\"; }\n";
    if (engine::names_its_streams(attempt)) job += "weft_piped=" + text::quote(attempt.run) + '\n';
    if (attempt.action != plan::action_kind::program) return job + "weft_job_shell\n";
    job += "weft_job";
    for (const std::string& argument : attempt.arguments) job += ' ' + text::quote(argument);
    return job + '\n';
}

/// Continues after `before`, which has created the scratch directory.
WEFT_INLINE std::string start_after(const std::string& before, std::uint64_t id,
                                    const engine::attempt& attempt, std::size_t runners) {
    std::string text = before;
    for (const engine::link& input : attempt.links) {
        const std::string to = "./" + input.to;
        text += (attempt.writable_inputs ? " &&\nweft_copy " : " &&\nweft_link ") +
                text::quote(input.directory) + ' ' + text::quote(input.path) + ' ' + text::quote(to) + ' ' +
                text::quote(parent_of(to));
    }
    const variables all = environment_of(attempt);
    std::string environment;
    for (const auto& [name, value] : all) environment += "export " + name + '=' + text::quote(value) + '\n';
    for (const auto& secret : attempt.secrets) environment += "# " + secret.first + " is a secret\n";

    std::string command = attempt.script;
    if (attempt.action == plan::action_kind::program) {
        command = "exec";
        for (const std::string& argument : attempt.arguments) command += ' ' + text::quote(argument);
    }
    text += " &&\nweft_why=\"cannot write to $weft_scratch\" && printf '%s' " + text::quote(environment) +
            " >>.weft/environment &&\nprintf '%s\\n' " + text::quote(command) +
            " >.weft/command &&\nweft_run " + number(id) + ' ' + std::to_string(runners) + ' ' +
            text::quote(job_of(id, attempt, all)) + (attempt.secrets.empty() ? "" : " secret");
    text += " || weft_err " + number(id) + " \"$weft_why\"\n";
    if (attempt.secrets.empty()) return text;
    return "weft_secrets() { :;" + secrets_of(attempt) + " }\n" + text + "weft_secrets() { :; }\n";
}

}  // namespace detail

WEFT_INLINE std::string start(std::uint64_t id, const engine::attempt& attempt, std::size_t runners,
                              const std::vector<std::string>& expected) {
    return detail::start_after(detail::begin(attempt, expected), id, attempt, runners);
}

WEFT_INLINE std::uint32_t runner_in(std::string_view payload) {
    std::uint32_t number = 0;
    for (const char byte : payload.substr(0, 4)) number = number << 8u | static_cast<unsigned char>(byte);
    return number;
}

WEFT_INLINE std::string again(std::uint64_t id, std::string_view scratch) {
    return "weft_again " + detail::number(id) + ' ' + text::quote(scratch) + '\n';
}

WEFT_INLINE std::string runners(std::size_t count) {
    return "weft_runners " + std::to_string(count) + " && weft_publish && echo >&4\n";
}

WEFT_INLINE std::string start_unless_begun(std::uint64_t id, const engine::attempt& attempt,
                                           std::size_t runners) {
    return "if " + detail::begin(attempt, {}) + "; then\n" + detail::start_after(":", id, attempt, runners) +
           "elif [ -e " + text::quote(attempt.scratch + "/.weft/environment") + " ]; then\n" +
           attach(id, attempt.scratch) + "weft_ok " + detail::number(id) + "\nelse\nweft_err " +
           detail::number(id) + " \"$weft_why\"\nfi\n";
}

WEFT_INLINE std::string stop(std::uint64_t id, std::string_view scratch, engine::stop_signal signal) {
    const std::string_view name = signal == engine::stop_signal::kill ? "KILL" : "TERM";
    return "weft_stop " + text::quote(scratch) + ' ' + std::string(name) + "\nweft_ok " + detail::number(id) +
           '\n';
}

WEFT_INLINE std::string attach(std::uint64_t id, std::string_view scratch) {
    return "weft_attach " + detail::number(id) + ' ' + text::quote(scratch) + '\n';
}

WEFT_INLINE std::string resume(std::uint64_t id, const engine::attempt& attempt) {
    return "weft_resume " + detail::number(id) + ' ' + text::quote(attempt.scratch) + ' ' +
           text::quote(attempt.task) + '\n';
}

WEFT_INLINE std::string look(std::uint64_t id, std::uint32_t runner) {
    return "weft_look " + detail::number(id) + ' ' + std::to_string(runner) + '\n';
}

WEFT_INLINE std::string confirm(std::uint64_t id) {
    return "weft_ok " + detail::number(id) + '\n';
}

WEFT_INLINE std::string unmake(const std::vector<std::string>& scratches) {
    std::string text = "weft_unmake";
    for (const std::string& scratch : scratches) text += ' ' + text::quote(scratch);
    return text + '\n';
}

WEFT_INLINE std::string first_change(std::uint64_t id, std::string_view scratch) {
    // A name with a line end is cut off.
    return R"(weft_changed() {
  cd "$1" && [ -s .weft/exit ] || return
  weft_line=$(find . -path ./.weft -prune -o ! -type d -newer .weft/exit -print | head -n 1)
  [ -n "$weft_line" ] || weft_line=$(find . -path ./.weft -prune -o -type d -newer .weft/exit -exec echo '{}/' ';' | tail -n 1)
  [ "$weft_line" = ./ ] || weft_line=${weft_line#./}
  printf %s "$weft_line"
}
weft_data )" +
           detail::number(id) + " weft_changed " + text::quote(scratch) + '\n';
}

WEFT_INLINE std::string intact(std::uint64_t id, std::string_view scratch) {
    return "weft_data " + detail::number(id) + " weft_intact " + text::quote(scratch) + '\n';
}

WEFT_INLINE std::string seal(std::uint64_t id, std::string_view scratch) {
    return "weft_data " + detail::number(id) + " weft_seal " + text::quote(scratch) + '\n';
}

WEFT_INLINE std::string is_full(std::uint64_t id, std::string_view directory) {
    return "weft_data " + detail::number(id) + " weft_full " + text::quote(directory) + '\n';
}

WEFT_INLINE std::string match(std::uint64_t id, std::string_view directory, std::string_view pattern,
                              bool glob) {
    const std::string word = glob ? transfer::glob_word(pattern) : text::quote(pattern);
    // The subshell of the pipe changes into the directory and expands the pattern. The shell returns all
    // possible matches; the engine decides.
    return "weft_expand() { LC_ALL=C; cd " + text::quote(directory) + " && weft_match ./" + word +
           "; }\nweft_data " + detail::number(id) + " weft_expand\n";
}

WEFT_INLINE std::string rename(std::uint64_t id, std::string_view from, std::string_view to) {
    return "weft_rename " + text::quote(from) + ' ' + text::quote(to) + ' ' +
           text::quote(detail::parent_of(to)) + " && weft_ok " + detail::number(id) + " || weft_err " +
           detail::number(id) + " \"$weft_why\"\n";
}

WEFT_INLINE std::string tail(std::uint64_t id, std::string_view file, std::size_t bytes) {
    return "weft_data " + detail::number(id) + " tail -c " + std::to_string(bytes) + ' ' + text::quote(file) +
           '\n';
}

WEFT_INLINE std::string remove(std::uint64_t id, std::string_view path) {
    return "cd /; { weft_remove " + text::quote(path) + " && weft_notice " + detail::number(id) +
           " ok || weft_notice " + detail::number(id) + " err; } </dev/null >/dev/null &\n";
}

WEFT_INLINE std::string salvage(std::uint64_t id, std::string_view directory, std::string_view path) {
    const std::string file = std::string(directory) + '/' + std::string(path);
    return "cd /; { weft_notice " + detail::number(id) + " \"$(weft_salvage " + text::quote(directory) + ' ' +
           text::quote(path) + ' ' + text::quote(detail::parent_of(file)) +
           ")\"; } </dev/null >/dev/null &\n";
}

WEFT_INLINE std::string remove_if_empty(std::uint64_t id, std::string_view directory) {
    return "cd /; weft_close_jobs; rmdir " + text::quote(directory) + "; weft_ok " + detail::number(id) +
           '\n';
}

WEFT_INLINE std::string sweep(std::uint64_t id) {
    return "weft_sweep; weft_close_jobs \".$weft_nonce\"; weft_ok " + detail::number(id) + '\n';
}

namespace detail {

/// The inverse of `weft_hex`; none for other input.
WEFT_INLINE std::optional<std::string> from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        const int high = text::hex_digit(text[at]);
        const int low = text::hex_digit(text[at + 1]);
        if (high < 0 || low < 0) return {};
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

}  // namespace detail

WEFT_INLINE line parse(std::string_view nonce, std::string_view text) {
    line result;
    // A prompt or greeting without a line end may precede the first reply.
    const auto start = text.find(nonce);
    if (start == text.npos) return result;
    text.remove_prefix(std::min(text.size(), start + nonce.size() + 1));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result.id);
    if (error != std::errc{}) return result;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(' ')) return result;
    text.remove_prefix(1);
    const auto space = std::min(text.find(' '), text.size());
    const std::string_view kind = text.substr(0, space);
    text.remove_prefix(std::min(text.size(), space + 1));
    if (kind == "end" || kind == "done") {
        result.kind = kind;
        result.payload = text;
        return result;
    }
    if (kind != "ok" && kind != "err") return {};
    result.kind = kind;
    auto payload = detail::from_hex(text);
    if (!payload) return {};
    result.payload = *std::move(payload);
    return result;
}

WEFT_INLINE bool answers(std::string_view pattern, bool glob, std::string_view path) {
    if (!glob) return path == pattern;
    for (;;) {
        const std::size_t end = text::component_end(pattern, 0);
        const std::string_view wanted = pattern.substr(0, end);
        const std::string_view given = path.substr(0, path.find('/'));
        // Some shells return `.` and `..` for `.*`; those are rejected later. No wildcard matches a leading
        // dot.
        const bool hidden = given.starts_with('.') && !wanted.starts_with('.') && !wanted.starts_with('%');
        const bool fits =
            text::is_glob(wanted) ? !given.empty() && !hidden : text::is_component(wanted, given);
        if (!fits) return false;
        if (end == pattern.size() || given.size() == path.size())
            return end == pattern.size() && given.size() == path.size();
        pattern.remove_prefix(text::behind_slash(pattern, end));
        path.remove_prefix(given.size() + 1);
    }
}

}  // namespace weft::remote::resident
