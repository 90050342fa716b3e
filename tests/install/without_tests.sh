#!/bin/sh
# SPDX-License-Identifier: MIT
# without_tests.sh SOURCE BUILD GENERATOR: configures weft where Catch2 is not found, and with BUILD_TESTING=OFF; both in turn in
# one build directory, whose cache must not keep what one of them decided.
set -eu
source=$1
build=$2
generator=$3
rm -rf -- "$build"

configure() {
    echo "cmake $*"
    cmake -S "$source" -B "$build" -G "$generator" "$@" >said 2>&1 || { cat said; exit 1; }
}
targets() { cmake --build "$build" --target help >targets; }
has_tests() { targets; grep -q test_text targets; }

mkdir -p "$build"
cd "$build"
configure -DCMAKE_DISABLE_FIND_PACKAGE_Catch2=ON
grep 'Catch2' said
! has_tests || { echo "tests without Catch2"; exit 1; }
configure -DCMAKE_DISABLE_FIND_PACKAGE_Catch2=OFF
has_tests || { echo "no tests with Catch2"; exit 1; }
configure -DBUILD_TESTING=OFF
! has_tests || { echo "tests with BUILD_TESTING=OFF"; exit 1; }
configure -DWEFT_BUILD_TESTS=ON
has_tests || { echo "no tests, which were asked for"; exit 1; }
targets
grep -q weft_compiled targets
