#!/bin/sh
# SPDX-License-Identifier: MIT
# check_pages.sh ROOT: checks README.md and the other pages of the root and of docs/. Each block of C++, CMake or Meson, and each other
# block with a line `<!-- path -->` directly above it, is an excerpt of the named file. Each relative link names an existing
# file. docs/README.md links to every page below docs/.
set -eu
cd "$1"
status=0

check_blocks() {
    LC_ALL=C awk -v page="$1" '
        function complain(text) { printf "%s:%d: %s\n", page, opened, text; bad = 1 }
        function content(path,    text, line, got) {
            text = ""
            while ((got = (getline line < path)) > 0) text = text line "\n"
            close(path)
            return got < 0 ? "" : text
        }
        inside && /^```/ {
            inside = 0
            if (!checked) next
            if (source == "") complain("a line `<!-- path -->` above this block must name its file")
            else if ((text = content(source)) == "") complain("no such file: " source)
            else if (index(text, block) == 0) complain("this text is not in " source)
            source = ""
            next
        }
        inside { block = block $0 "\n"; next }
        /^```/ {
            inside = 1; opened = NR; block = ""
            checked = /^```(cpp|c\+\+|cmake|meson)/ || source != ""
            next
        }
        /^<!-- [^ ]+ -->$/ { source = $2; next }
        /[^ ]/ { source = "" }
        END { exit bad }
    ' "$1"
}

# shellcheck disable=SC2016 # the backquotes are Markdown
check_links() {
    # Inline links without a scheme, without their #fragment.
    LC_ALL=C sed -e '/^```/,/^```/d' -e 's/`[^`]*`//g' "$1" | grep -o '](\([^)#: ]*\)[)#]' | sed -e 's/^](//' -e 's/[)#]$//' |
        while IFS= read -r link; do
            [ -z "$link" ] || [ -e "$(dirname -- "$1")/$link" ] || { echo "$1: broken link to $link"; echo x >&3; }
        done 3>>"$broken"
}

broken=$(mktemp)
trap 'rm -f -- "$broken"' EXIT
for page in *.md docs/*.md docs/*/*.md; do
    check_blocks "$page" || status=1
    check_links "$page"
done
for page in docs/*.md docs/*/*.md; do
    [ "$page" = docs/README.md ] || grep -qF "](${page#docs/})" docs/README.md ||
        { echo "docs/README.md does not link to ${page#docs/}"; status=1; }
done
[ ! -s "$broken" ] || status=1
exit "$status"
