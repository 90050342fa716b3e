# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # sourced: its caller uses `repetitions` and sets `errors`
# Medians for the benchmarks (POSIX sh with GNU date, sourced).

repetitions=${WEFT_REPETITIONS:-5}

# seconds COMMAND...: prints the wall time of one run; discards its output; its failure ends the benchmark.
seconds() {
    from=$(date +%s%N)
    "$@" >/dev/null 2>"$errors" </dev/null || { cat "$errors" >&2; echo "failed: $*" >&2; exit 1; }
    to=$(date +%s%N)
    awk -v ns=$((to - from)) 'BEGIN { printf "%.3f\n", ns / 1e9 }'
}

# median: prints the median of the numbers on stdin, one per line.
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
