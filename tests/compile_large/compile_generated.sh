#!/bin/sh
# SPDX-License-Identifier: MIT
# compile_generated.sh GENERATE KIND SIZE COMPILER OPTION...: compiles what `GENERATE KIND SIZE` prints.
set -eu
generate=$1 kind=$2 size=$3 compiler=$4
shift 4
program=$(mktemp "${TMPDIR:-/tmp}/weft-large.XXXXXX")
trap 'rm -f "$program"' EXIT
"$generate" "$kind" "$size" >"$program"
"$compiler" -std=c++20 -fsyntax-only -DWEFT_COMPILED "$@" -x c++ "$program"
