# SPDX-License-Identifier: MIT
# What weft stands on, as Debian 12 packages it. Also part of the installed package, so that a user's
# find_package(weft) looks for exactly the same.

if(CMAKE_FIND_PACKAGE_NAME STREQUAL "weft")
  include(CMakeFindDependencyMacro)
  macro(weft_needs)
    find_dependency(${ARGV})
  endmacro()
else()
  macro(weft_needs)
    find_package(${ARGV} REQUIRED)
  endmacro()
endif()

weft_needs(Threads)
weft_needs(Boost 1.74)      # libboost-dev: Hana in the declarations, Asio in the reactor; headers only
weft_needs(fmt)             # libfmt-dev
weft_needs(libssh)          # libssh-dev
weft_needs(OpenSSL 3.0)    # libssl-dev, which libssh-dev brings: SHA-256
weft_needs(CLI11)           # libcli11-dev
weft_needs(tomlplusplus)    # libtomlplusplus-dev
weft_needs(nlohmann_json)   # nlohmann-json3-dev
