#!/bin/sh
# SPDX-License-Identifier: MIT
# check_messages.sh ROOT COMPILER: compares the compiler output in the pages with the real one. Below a line
# `<!-- NAME says of FILE -->` with the compiler's name, each line of the block must be in its output for FILE with
# MISUSE; positions in headers may differ.
set -eu
cd "$1"
compiler=$2
name=$(basename -- "$compiler")
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# Lines `FILE<tab>quoted line`.
for page in README.md docs/*.md docs/*/*.md; do
    LC_ALL=C awk -v name="$name" '
        inside && /^```/ { inside = 0; file = "" }
        inside { print file "\t" $0 }
        $1 == "<!--" && $2 == name && $3 == "says" && $4 == "of" { file = $5; next }
        /^```/ && file != "" { inside = 1 }
    ' "$page"
done >"$work/quoted"
[ -s "$work/quoted" ] || { echo "no page quotes $name"; exit 1; }

# GCC's quotes depend on the locale.
without_position="s,^[^ ]*\.hpp:[0-9:]* ,,; s,‘,',g; s,’,',g"
status=0
for file in $(cut -f 1 "$work/quoted" | sort -u); do
    "$compiler" -std=c++20 -fsyntax-only -fdiagnostics-color=never -Iinclude -DMISUSE "$file" 2>&1 |
        sed -e "$without_position" >"$work/said" || true
    tab=$(printf '\t')
    grep "^$file$tab" "$work/quoted" | cut -f 2- | sed -e "$without_position" >"$work/lines"
    while IFS= read -r line; do
        grep -qxF -e "$line" "$work/said" || { echo "$name does not print for $file: $line"; status=1; }
    done <"$work/lines"
done
exit "$status"
