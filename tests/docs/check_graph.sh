#!/bin/sh
# SPDX-License-Identifier: MIT
# check_graph.sh PROGRAM PAGE: the block of Mermaid in PAGE is what `PROGRAM graph` prints.
set -eu
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
sed -n '/^```mermaid$/,/^```$/{/^```/!p}' "$2" >"$work/page"
"$1" graph >"$work/program"
diff -u "$work/page" "$work/program"
