#!/bin/sh
# SPDX-License-Identifier: MIT
# check_scripts.sh ROOT: every file with an interpreter line is executable.
set -eu
cd "$1"
wrong=$(find .ci benchmarks examples scripts tests -type f ! -perm -100 -exec awk 'FNR == 1 && /^#!/ { print FILENAME }' {} +)
[ -z "$wrong" ] || { printf 'not executable: %s\n' $wrong >&2; exit 1; }
