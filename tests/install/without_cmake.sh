#!/bin/sh
# SPDX-License-Identifier: MIT
# without_cmake.sh PROJECT PREFIX WAY BUILD: builds PROJECT in a new directory BUILD and runs its program.
set -eu
project=$1
prefix=$2
rm -rf -- "$4"
mkdir -p "$4"
cd "$4"
if [ "$3" = meson ]; then
    PKG_CONFIG_PATH="$prefix/lib/pkgconfig" meson setup build "$project"
    meson compile -C build
    cp build/hello hello
else
    "$project/build_by_hand.sh" "$prefix" "$3" 2>said || { cat said; exit 1; }
    [ ! -s said ] || { echo "the compiler is not silent:"; cat said; exit 1; }
fi
./hello --name meson --scratch scratch --results results
[ "$(cat results/count/size.txt)" = 14 ]
