#!/bin/sh
# SPDX-License-Identifier: MIT
# run_example.sh NAME PROGRAM: runs an example in an empty directory and compares what it leaves with what it should.
set -eu
name=$1
program=$2
# shellcheck source=scripts/private_sshd.sh
. "$WEFT_ROOT/scripts/private_sshd.sh"

work=$(mktemp -d)
# shellcheck disable=SC2154 # set in the trap itself
trap 'status=$?; trap - EXIT; stop_private_sshd; rm -rf -- "$work"; exit "$status"' EXIT
trap 'exit 143' INT TERM HUP
cd "$work"
export XDG_STATE_HOME="$work/state"

# expect TEXT FILE: the whole content of a file.
expect() {
    printf '%s\n' "$1" | diff - "$2"
}

# f3.txt is twice a random number and the name of the host.
expect_f3() {
    test "$(grep -cE '^[0-9]+$' scratch/*/D/f3.txt)" = 2
    test "$(grep -cxF "$(hostname)" scratch/*/D/f3.txt)" = 2
    test "$(wc -l <"$(echo scratch/*/D/f3.txt)")" = 4
}

demo() {
    mkdir private && start_private_sshd "$work/private"
    "$program" --scratch "$work/scratch" --host "edge=$user@127.0.0.1:$port" --identity "edge=$work/private/client_key" \
        --known-hosts "$work/private/known_hosts"
    expect_f3
    test "$(ls scratch/*)" = D # what was only passed on is gone
}

local_demo() {
    "$program" --scratch scratch
    expect_f3
    test "$(ls scratch/*)" = D
}

parameters() {
    "$program" --scratch scratch
    expect '1: Hello, world!' results/print/.weft/stdout
    "$program" --scratch scratch --results other --greeting '"; touch pwned; echo "' --whom "it's \$HOME" --whom b,c
    expect "1: \"; touch pwned; echo \", it's \$HOME!
1: \"; touch pwned; echo \", b!
1: \"; touch pwned; echo \", c!" other/print/.weft/stdout
    "$program" --scratch scratch --results short --count 2 --voice loud --most 17
    expect '1: HELLO, WORLD!' short/print/.weft/stdout
    for wrong in '--count many' '--voice lout' '--pause 3' '--most 4G'; do
        if "$program" --scratch scratch $wrong 2>message; then exit 1; fi
        grep -q -e "$wrong: " message
    done
}

nested() {
    "$program" --scratch scratch --days 88 --from November
    expect 'plot of 88 days from November
plot of 92 days from June' results/report/report.txt
    test "$(ls scratch/*)" = report # nothing of the nested workflows is left
}

files() {
    "$program" --scratch scratch
    expect '2026
page 1
page 2
page 3
1.txt
2.txt
3.txt' results/report/report.txt
}

policies() {
    "$program" --scratch scratch
    expect 'weft: attempt 3' results/flaky/out.txt
}

in_code() {
    TMPDIR=$work "$program" >said
    expect 'write: finished 
fail: failed exit code 3
never: skipped fail failed
no such luck' said
}

numeric_pipeline() {
    "$program" >said
    expect 'mean 0.0026, spread 0.7078, peak 1.0000' said
}

wavefront() {
    "$program" >said
    expect '9 tasks, distance 22' said
}

signal_pipeline() {
    "$program" --scratch scratch --beats 3 2>log
    grep -q 'INFO peaks: found 3 peaks in 120 samples' log
    expect '3 beats, at 20 60 100
3' results/report/report.txt
    test "$(ls scratch/*)" = report # functions that leave no files leave no directory
    if "$program" --scratch scratch --level high 2>message; then exit 1; fi
    grep -q -e '--level high: expected a number' message
}

hosts_in_code() {
    mkdir private && start_private_sshd "$work/private"
    "$program" 127.0.0.1 "$port" "$user" "$work/private/client_key" "$work/private/known_hosts" "$work/scratch"
    expect Linux results/fetch/fetched.txt
}

"$name"
