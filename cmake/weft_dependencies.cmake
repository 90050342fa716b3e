# SPDX-License-Identifier: MIT
# What weft stands on, as Debian 12 packages it. Also part of the installed package, so that a user's
# find_package(weft) looks for exactly the same.

# weft_needs(<package that brings it> <arguments of find_package>...)
if(CMAKE_FIND_PACKAGE_NAME STREQUAL "weft")
  include(CMakeFindDependencyMacro)
  macro(weft_needs package)
    find_dependency(${ARGN})
  endmacro()
elseif(PROJECT_NAME STREQUAL "weft_probe")
  macro(weft_needs package)
    weft_probe(${package} ${ARGN})
  endmacro()
else()
  macro(weft_needs package)
    find_package(${ARGN} REQUIRED)
  endmacro()
endif()

weft_needs(libc6-dev Threads)
weft_needs(libboost-dev Boost 1.74)     # Hana in the declarations, Asio in the reactor; headers only
weft_needs(libfmt-dev fmt)
weft_needs(libssh-dev libssh)
weft_needs(libssl-dev OpenSSL 3.0)      # which libssh-dev brings: SHA-256
weft_needs(libcli11-dev CLI11)
weft_needs(libtomlplusplus-dev tomlplusplus)
weft_needs(nlohmann-json3-dev nlohmann_json)
