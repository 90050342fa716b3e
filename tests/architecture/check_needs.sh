#!/bin/sh
# SPDX-License-Identifier: MIT
# check_needs.sh ROOT: scripts/common.sh reports a dependency as missing if and only if CMake does not find
# it, whatever package provides it.
set -eu
root=$1
# shellcheck source=scripts/common.sh
. "$root/scripts/common.sh"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# same WHAT WANTED GOT, ignoring spaces at their ends
same() {
    got=${3# }
    [ "$2" = "${got% }" ] || fail "$1: '$3' instead of '$2'"
}

# Nothing is missing: these tests were built with all dependencies.
look_for_libraries -DWEFT_PROBE_TESTS=ON
same "missing of what is here" '' "$missing"

missing=
look_for_libraries -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON
same "missing of what CMake does not find" 'libfmt-dev libcli11-dev' "$missing"

missing=
look_for sh:dash no-such-tool:some-package
same "missing tools" some-package "$missing"

# A compiler under another name, besides the packages that the script itself needs.
missing=
for tool in cat sort; do ln -s "$(command -v "$tool")" "$work/$tool"; done
ln -s "$(readlink -f "$(command -v c++)")" "$work/g++-99"
printf '#!/bin/sh\nexit 1\n' >"$work/g++-100" && chmod +x "$work/g++-100"
found=$(PATH=$work CXX='' && export PATH && look_for_compiler >/dev/null && echo "$missing$CXX")
same "the compiler" g++-99 "$found"
rm "$work/g++-99"
found=$(PATH=$work CXX='' && export PATH && look_for_compiler >/dev/null && echo "$missing${CXX:-}")
same "no compiler" g++ "$found"

# The output of a command is shown only if the command fails.
same "the output of a failure" "the cause" "$( (loudly sh -c 'echo the cause; exit 3' || echo " $?") 2>&1 | sed 's/ 3$//')"
same "the output of a success" '' "$(loudly echo said 2>&1)"
