# SPDX-License-Identifier: MIT
# The warnings of our own code: the compiled library, examples, tests. Never exported.

set(weft_warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# With sanitizers GCC 12 takes values within std::function for uninitialized.
if(WEFT_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND weft_warnings -Wno-maybe-uninitialized)
endif()
# GCC's thread sanitizer does not see Asio's fences and says so; Asio's queues have a mutex beside them.
if(WEFT_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND weft_warnings -Wno-tsan)
endif()
# GCC 12 warns at -O3 of its own std::string addition (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND weft_warnings -Wno-restrict)
endif()

# weft_own_code(<target>...): warnings are errors there.
function(weft_own_code)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE ${weft_warnings})
  endforeach()
endfunction()

weft_own_code(weft_compiled)

# A function-local type in a coroutine's frame has no linkage, which GCC takes for a mistake in included files. Here
# each implementation header is included by exactly one file (the test of the room table sees to it).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(weft_compiled PRIVATE -Wno-subobject-linkage)
endif()
