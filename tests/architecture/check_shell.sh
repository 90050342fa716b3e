#!/bin/sh
# SPDX-License-Identifier: MIT
# check_shell.sh ROOT: shellcheck over every shell script, also those in C++ headers (R"sh(...)sh"), which go to hosts.
# In headers the line numbers are those of the header. Ignored: variables that another piece assigns or reads
# (SC2034, SC2154), sourced files (SC1090), empty assignments in a row (SC1007), lists of numbers (SC2046),
# the word `sh` as a value (SC2209), and `-ef`, which dash, bash and busybox support (SC3013).
set -eu
cd "$1"
status=0
# shellcheck disable=SC2046 # no name here has a space
shellcheck -x -S warning scripts/*.sh $(find .ci benchmarks examples scripts tests -type f \
    -exec awk 'FNR == 1 && /^#!\/bin\/sh/ { print FILENAME }' {} +) || status=1
headers=$(grep -rl 'R"sh(' include)
report=$(for file in $headers; do
    awk '/R"sh\(/ { sub(/.*R"sh\(/, ""); script = 1 }
         script && /\)sh"/ { sub(/\)sh".*/, ""); print; script = 0; next }
         { print script ? $0 : "" }' "$file" |
        shellcheck -s sh -S warning -f gcc -e SC1007,SC1090,SC2034,SC2046,SC2154,SC2209,SC3013 - | sed "s,^-:,$file:,"
done)
[ -z "$report" ] || { printf '%s\n' "$report" >&2; status=1; }
exit "$status"
