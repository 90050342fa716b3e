#!/bin/sh
# SPDX-License-Identifier: MIT
# build_by_hand.sh PREFIX WAY: the program without a build system, in the working directory; weft is installed below
# PREFIX. WAY is pkg_config, flags or own_unit.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=$1
CXX=${CXX:-c++}
libraries='-lfmt -lssh -lcrypto -ltomlplusplus -pthread'

case $2 in
    pkg_config)
        export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
        # shellcheck disable=SC2046 # flags
        $CXX -std=c++20 -O2 "$here/hello.cpp" -o hello $(pkg-config --cflags --libs weft-compiled)
        ;;
    flags)
        # shellcheck disable=SC2086 # flags
        $CXX -std=c++20 -O2 -DWEFT_COMPILED -I "$prefix/include" "$here/hello.cpp" -o hello \
            -L "$prefix/lib" -lweft $libraries
        ;;
    own_unit) # without libweft.a: one source file of the project holds weft's code
        echo '#include <weft/impl.hpp>' >weft_code.cpp
        # shellcheck disable=SC2086 # flags
        $CXX -std=c++20 -DWEFT_COMPILED -I "$prefix/include" weft_code.cpp "$here/hello.cpp" -o hello $libraries
        ;;
esac
