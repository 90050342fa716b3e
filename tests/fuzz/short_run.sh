#!/bin/sh
# SPDX-License-Identifier: MIT
# short_run.sh PROGRAM RUNS CORPUS: a short search that is the same each time; what it finds is kept beside the program.
set -eu
program=$1 runs=$2 corpus=$3
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
# LeakSanitizer needs ptrace, which containers forbid.
ASAN_OPTIONS=detect_leaks=0 "$program" -seed=1 "-runs=$runs" -max_total_time=5 -max_len=512 -rss_limit_mb=1024 \
    -timeout=20 -verbosity=0 -print_final_stats=1 "-artifact_prefix=$program-" "$found" "$corpus"
