// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/archive_script.hpp>
#include <weft/backend/resident_shell.hpp>
#include <weft/text/command.hpp>
#include <weft/text/shell_quote.hpp>

#include <charconv>
#include <filesystem>

namespace weft::backend::resident {

namespace detail {

/// Runs a task apart from the connection: its own session, and a second one for the command, so that a signal
/// for the command's group leaves this wrapper to write down how it ended. Traps are set, not ignored: what
/// is ignored here would be ignored by the task.
/// (No `--` before a group's number: dash's kill takes it for a number.)
inline constexpr std::string_view wrapper = R"sh(
nonce=$1; id=$2; mask=$3; shell=$4; cd "$5" || exit; shift 5
trap : TERM HUP INT PIPE
{
  umask "$mask"
  . ./.weft/environment
  case $shell in
    bash) exec setsid bash -euo pipefail .weft/command ;;
    sh) exec setsid sh -eu .weft/command ;;
    *) exec setsid "$@" ;;
  esac
} </dev/null >.weft/stdout 2>.weft/stderr 3>&- &
pid=$!
echo "$pid" >.weft/pid
while wait "$pid"; code=$?; kill -0 "$pid" 2>/dev/null; do :; done
if kill -TERM "-$pid" 2>/dev/null; then
  for tenth in 1 2 3 4 5; do sleep 0.1; kill -0 "-$pid" 2>/dev/null || break; done
  kill -KILL "-$pid" 2>/dev/null
fi
echo "$code" >.weft/exit.part && mv .weft/exit.part .weft/exit
printf '%s %s end %s\n' "$nonce" "$id" "$code" >&3
)sh";

inline constexpr std::string_view functions = R"sh(
exec 3>&2 2>/dev/null
weft_umask=$(umask)
umask 077
unset CDPATH
weft_hex() { od -An -v -tx1 | tr -d ' \n'; }
weft_ok() { printf '%s %s ok \n' "$weft_nonce" "$1"; }
weft_err() { printf '%s %s err %s\n' "$weft_nonce" "$1" "$(printf %s "$2" | weft_hex)"; }
weft_data() { weft_id=$1; shift; weft_out=$("$@" | weft_hex); printf '%s %s ok %s\n' "$weft_nonce" "$weft_id" "$weft_out"; }
weft_notice() { printf '%s %s done %s\n' "$weft_nonce" "$1" "$2" >&3; }
weft_shell=sh
command -v bash >/dev/null && weft_shell=bash

weft_tools() {
  for weft_tool in setsid tar mkfifo mktemp tee find readlink od tr cut mv cp ln tail; do
    command -v "$weft_tool" >/dev/null || echo "missing $weft_tool"
  done
  command -v sha256sum >/dev/null || command -v openssl >/dev/null || echo "missing sha256sum"
  mkdir -p "$1" && [ -w "$1" ] || echo unwritable
  echo "slots $(nproc || getconf _NPROCESSORS_ONLN || echo 1)"
}

# A link's target, and all links in a directory, must be in the directory that they are taken from.
weft_contained() {
  weft_root=$(cd "$1" && pwd -P)
  case $(readlink -f "$1/$2" && echo x) in "$weft_root"/*) ;; *) return 1 ;; esac
  [ -d "$1/$2" ] || return 0
  weft_leaves=$(find "$1/$2/" -type l -exec sh -c 'root=$1; shift
    for link do case $(readlink -f "$link" && echo x) in "$root"/*) ;; *) echo no; break ;; esac; done
  ' sh "$weft_root" {} +)
  [ -z "$weft_leaves" ]
}
weft_has_link() {
  weft_part=$2
  while :; do
    [ -L "$1/$weft_part" ] && return 0
    case $weft_part in */*) weft_part=${weft_part%/*} ;; *) return 1 ;; esac
  done
}
# weft_link DIRECTORY PATH TO PARENT: in the task's scratch; what went wrong is in weft_why
weft_link() {
  weft_from=$1/$2
  if [ ! -e "$weft_from" ] && [ ! -L "$weft_from" ]; then weft_why="there is no '$2' in $1"; return 1; fi
  if [ -d "$weft_from" ] || weft_has_link "$1" "$2"; then
    weft_contained "$1" "$2" || { weft_why="'$2' in $1 is a symbolic link that leaves it"; return 1; }
  fi
  [ -d "$4" ] || mkdir -p "$4" || { weft_why="cannot make the directory $4"; return 1; }
  if [ -d "$weft_from" ]; then
    mkdir -p "$3" && { cp -RLlf "$weft_from/." "$3/" || cp -RLpf "$weft_from/." "$3/"; }
  elif [ -e "$3" ]; then
    :
  elif [ -L "$weft_from" ]; then
    ln "$(readlink -f "$weft_from")" "$3" || cp -Lp "$weft_from" "$3"
  else
    ln "$weft_from" "$3" || cp -p "$weft_from" "$3"
  fi || { weft_why="cannot link '$2' of $1 to $3"; return 1; }
}
weft_begin() {
  weft_why="cannot make the directory $1"
  mkdir -p "$2" && mkdir "$1" && mkdir "$1/.weft" && cd "$1"
}
weft_run() { # ID KIND [PROGRAM ARGUMENT...]
  weft_id=$1; shift
  weft_kind=$1; shift
  [ "$weft_kind" = program ] || weft_kind=$weft_shell
  setsid sh -c "$weft_wrapper" sh "$weft_nonce" "$weft_id" "$weft_umask" "$weft_kind" "$PWD" "$@" </dev/null >/dev/null 2>&1 &
  weft_ok "$weft_id"
}
# The wrapper may be about to start the command: its pid is waited for, for a second.
weft_stop() {
  for weft_try in 1 2 3 4 5 6 7 8 9 10; do
    [ -e "$1/.weft/exit" ] && return
    [ -e "$1/.weft/pid" ] && kill "-$2" "-$(cat "$1/.weft/pid")" && return
    sleep 0.1
  done
}
weft_match() {
  for weft_path do [ -e "$weft_path" ] && printf '%s\0' "${weft_path#./}"; done
}
weft_rename() {
  [ -e "$2" ] && { weft_why="'$2' exists already"; return 1; }
  weft_why="cannot rename $1 to $2"
  mkdir -p "$3" && mv "$1" "$2"
}
weft_remove() { rm -rf "$1" || { chmod -R u+rwx "$1"; rm -rf "$1"; }; }
weft_marked() { grep -lzx "WEFT_RUN=$weft_run" /proc/[0-9]*/environ | tr -cd '0-9\n'; }
weft_sweep() {
  weft_pids=$(weft_marked)
  [ -z "$weft_pids" ] && return
  kill -TERM $weft_pids
  for weft_try in 1 2 3 4 5; do sleep 0.1; [ -z "$(weft_marked)" ] && return; done
  kill -KILL $(weft_marked)
}
)sh";

WEFT_INLINE std::string number(std::uint64_t id) {
    return std::to_string(id);
}

WEFT_INLINE std::string parent_of(std::string_view path) {
    return std::filesystem::path(path).parent_path().string();
}

}  // namespace detail

WEFT_INLINE std::string hello(std::string_view nonce, std::string_view run, std::string_view base) {
    std::string text = "weft_nonce=" + text::quote(nonce) + "\nweft_run=" + text::quote(run) +
                       "\nweft_wrapper=" + text::quote(detail::wrapper) + '\n';
    text += detail::functions;
    return text + "weft_data 0 weft_tools " + text::quote(base) + '\n';
}

WEFT_INLINE std::string start(std::uint64_t id, const engine::attempt& what) {
    std::string text =
        "weft_begin " + text::quote(what.scratch) + ' ' + text::quote(detail::parent_of(what.scratch));
    for (const engine::link& input : what.links) {
        const std::string to = "./" + input.to;
        text += " &&\nweft_link " + text::quote(input.directory) + ' ' + text::quote(input.path) + ' ' +
                text::quote(to) + ' ' + text::quote(detail::parent_of(to));
    }
    std::string environment;
    const auto add = [&environment](std::string_view name, std::string_view value) {
        environment += "export " + std::string(name) + '=' + text::quote(value) + '\n';
    };
    for (const auto& [name, value] : what.environment) add(name, value);
    add("WEFT_RUN", what.run);
    add("WEFT_TASK", what.task);
    add("WEFT_ATTEMPT", std::to_string(what.number));

    std::string command = what.script;
    std::string kind = "shell";
    if (what.action == plan::action_kind::program) {
        kind = "program";
        command = "exec";
        for (const std::string& argument : what.arguments) {
            kind += ' ' + text::quote(argument);
            command += ' ' + text::quote(argument);
        }
    }
    text += " &&\nweft_why='cannot write to it' && printf '%s' " + text::quote(environment) +
            " >.weft/environment &&\nprintf '%s\\n' " + text::quote(command) +
            " >.weft/command &&\nweft_run " + detail::number(id) + ' ' + kind;
    return text + " || weft_err " + detail::number(id) + " \"$weft_why\"\n";
}

WEFT_INLINE std::string stop(std::uint64_t id, std::string_view scratch, engine::stop_signal how) {
    const std::string_view signal = how == engine::stop_signal::kill ? "KILL" : "TERM";
    return "{ weft_stop " + text::quote(scratch) + ' ' + std::string(signal) +
           "; } </dev/null >/dev/null &\nweft_ok " + detail::number(id) + '\n';
}

WEFT_INLINE std::string match(std::uint64_t id, std::string_view directory, std::string_view pattern,
                              bool glob) {
    const std::string word = glob ? glob_word(pattern) : text::quote(pattern);
    // The pattern is expanded in the directory, in the subshell of the pipe.
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

WEFT_INLINE std::string remove_if_empty(std::uint64_t id, std::string_view directory) {
    return "cd /; rmdir " + text::quote(directory) + "; weft_ok " + detail::number(id) + '\n';
}

WEFT_INLINE std::string sweep(std::uint64_t id) {
    return "weft_sweep; weft_ok " + detail::number(id) + '\n';
}

WEFT_INLINE line parse(std::string_view nonce, std::string_view text) {
    line result;
    // A prompt or greeting without a line end may stand in front of the first reply.
    const auto start = text.find(nonce);
    if (start == text.npos) return result;
    text.remove_prefix(std::min(text.size(), start + nonce.size() + 1));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result.id);
    if (error != std::errc{}) return result;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(' ')) return result;
    text.remove_prefix(1);
    const auto space = std::min(text.find(' '), text.size());
    result.kind = text.substr(0, space);
    text.remove_prefix(std::min(text.size(), space + 1));
    if (result.kind != "ok" && result.kind != "err") {
        result.payload = text;
        return result;
    }
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        const int high = text::hex_digit(text[at]);
        const int low = text::hex_digit(text[at + 1]);
        if (high < 0 || low < 0) return {};
        result.payload += static_cast<char>(high * 16 + low);
    }
    return result;
}

}  // namespace weft::backend::resident
