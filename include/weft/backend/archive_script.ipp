// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/archive_script.hpp>
#include <weft/run/backend.hpp>
#include <weft/text/shell_quote.hpp>

#include <filesystem>

namespace weft::backend {

namespace detail {

/// What both scripts begin with. A signal is an exit, which cleans up: dash forgets to when a signal ends it.
/// openssl is preferred where it is there: Debian 12's sha256sum is four times slower.
inline constexpr std::string_view archive_prologue = R"sh(umask 077
LC_ALL=C
export LC_ALL
trap 'exit 1' HUP INT TERM PIPE
fail() { printf 'error %s\n' "$(printf %s "$*" | tr '\n' ' ')" >&2; exit 1; }
hash() {
  if command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r | cut -c1-64; else sha256sum | cut -c1-64; fi
}
)sh";

}  // namespace detail

WEFT_INLINE std::string send_script(const std::string& directory, const std::vector<std::string>& paths) {
    std::string script(detail::archive_prologue);
    script += "dir=" + text::quote(directory) + "\nset --";
    for (const std::string& path : paths) script += ' ' + text::quote("./" + path);
    // Links are looked at first, the archive follows them. The stream is hashed through a fifo: stdout may be
    // a socket, which cannot be opened by name.
    return script + R"sh(
cd "$dir" 2>/dev/null || fail "there is no directory $dir"
work=$(mktemp -d) || fail "cannot make a temporary directory"
trap 'rm -rf "$work"' EXIT
: >"$work/started" || fail "cannot write to $work"
root=$(pwd -P)
inside() {
  case $(readlink -f "$1" && echo x) in "$root"/*) ;; *) fail "'${1#./}' in $dir is a symbolic link that leaves it" ;; esac
}
for path do
  [ -e "$path" ] || { [ -L "$path" ] && inside "$path"; fail "there is no '${path#./}' in $dir"; }
  part=$path
  while [ "$part" != . ]; do
    if [ -L "$part" ]; then inside "$path"; fi
    part=${part%/*}
  done
done
leaving=$(find "$@" -type l -exec sh -c 'root=$1; shift
  for link do case $(readlink -f "$link" && echo x) in "$root"/*) ;; *) printf %s "$link"; break ;; esac; done
' sh "$root" {} +) || fail "cannot read all of it in $dir"
[ -z "$leaving" ] || fail "'${leaving#./}' in $dir is a symbolic link that leaves it"
mkfifo "$work/fifo" || fail "cannot make a fifo in $work"
hash <"$work/fifo" >"$work/sum" &
{ tar -chf - "$@" 2>"$work/error"; echo $? >"$work/status"; } | tee "$work/fifo" 2>/dev/null || broken=1
wait
case $(cat "$work/status") in
  0) ;;
  # GNU tar says by 1 that a file changed, and means its change time too, which a new hard link sets.
  1) [ -z "$(find -L "$@" -newer "$work/started" | head -n 1)" ] || fail "tar in $dir: $(cat "$work/error")" ;;
  *) fail "tar in $dir: $(cat "$work/error")" ;;
esac
[ -z "${broken-}" ] || fail "the stream from $dir was cut"
printf 'sha256 %s\n' "$(cat "$work/sum")" >&2
)sh";
}

WEFT_INLINE std::string receive_script(const std::string& directory) {
    const std::string parent = std::filesystem::path(directory).parent_path().string();
    std::string script(detail::archive_prologue);
    script += "dir=" + text::quote(directory) + "\nparent=" + text::quote(parent) + '\n';
    return script + R"sh(
mkdir -p "$parent" && mkdir "$dir" || fail "cannot make the directory $dir"
work=$dir.work
undo() { cd /; chmod -R u+rwx "$dir" 2>/dev/null; rm -rf "$dir"; }
refuse() { undo; fail "$@"; }
trap 'rm -rf "$work"' EXIT
mkdir "$work" && mkfifo "$work/fifo" || refuse "cannot make the directory $work"
cd "$dir" || refuse "cannot enter $dir"
hash <"$work/fifo" >"$work/sum" &
# What tar says is kept in memory: the disk may be full.
result=$(tee "$work/fifo" | { said=$(tar -xpof - 2>&1); echo "$? $said"; cat >/dev/null; })
wait
# GNU tar calls a full disk a short write.
case $result in *"Wrote only"*) result="$result: No space left on device" ;; esac
[ "${result%% *}" = 0 ] || refuse "cannot unpack in $dir: ${result#* }"
odd=$(find . ! -type f ! -type d | head -n 1)
[ -z "$odd" ] || refuse "the stream held '$odd', which is neither a file nor a directory"
find . '(' -perm -4000 -o -perm -2000 ')' -exec chmod ug-s {} +
printf 'sha256 %s\n' "$(cat "$work/sum")" >&2
)sh";
}

WEFT_INLINE engine::digest verdict(std::string_view place, std::string_view stderr_text) {
    while (!stderr_text.empty() && stderr_text.back() == '\n') stderr_text.remove_suffix(1);
    const auto line = stderr_text.substr(stderr_text.rfind('\n') + 1);
    constexpr std::string_view good = "sha256 ";
    constexpr std::string_view bad = "error ";
    if (line.starts_with(good) && line.size() == good.size() + 64)
        return {std::string(line.substr(good.size()))};
    std::string text = place.empty() ? std::string() : std::string(place) + ": ";
    if (line.starts_with(bad))
        text += line.substr(bad.size());
    else
        text +=
            line.empty() ? "the transfer ended without a word" : "the transfer failed: " + std::string(line);
    throw engine::place_error(text);
}

WEFT_INLINE std::string glob_word(std::string_view pattern) {
    std::string word;
    std::size_t literal = 0;
    const auto flush = [&](std::size_t end) {
        if (end > literal) word += text::quote(pattern.substr(literal, end - literal));
    };
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        std::size_t end = i;
        if (pattern[i] == '*' || pattern[i] == '?') {
            end = i + 1;
        } else if (pattern[i] == '[') {
            const auto close = pattern.find(']', i + 2);
            constexpr std::string_view plain =
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-!^,:";
            const auto inside =
                close == pattern.npos ? std::string_view("\"") : pattern.substr(i + 1, close - i - 1);
            if (inside.find_first_not_of(plain) == inside.npos) end = close + 1;
        }
        if (end == i) continue;
        flush(i);
        word += pattern.substr(i, end - i);
        literal = end;
        i = end - 1;
    }
    flush(pattern.size());
    return word;
}

}  // namespace weft::backend
