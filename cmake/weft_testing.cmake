# SPDX-License-Identifier: MIT
# Turns WEFT_BUILD_TESTS=AUTO into ON or OFF for this configuration; the cache keeps AUTO, so Catch2 may come later.

if(WEFT_BUILD_TESTS STREQUAL "AUTO")
  set(WEFT_BUILD_TESTS OFF)
  if(PROJECT_IS_TOP_LEVEL AND BUILD_TESTING)
    find_package(Catch2 2.13 QUIET)
    if(Catch2_FOUND)
      set(WEFT_BUILD_TESTS ON)
    else()
      message(STATUS "The tests are left out: Catch2 2.13 (Debian's package catch2) is not installed")
    endif()
  endif()
endif()
