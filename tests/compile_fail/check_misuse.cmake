# SPDX-License-Identifier: MIT
# cmake -DCOMPILER=... -DSOURCE=... -DINCLUDE=... -P check_misuse.cmake
# What a SOURCE demands, in comments on its top, each a regular expression:
#   EXPECT: is somewhere in what the compiler says; EXPECT-GNU:, EXPECT-Clang: of one family only
#   FIRST: is in the first error or its first note: the task, the workflow, the culprit, the suggestion
#   MISUSE-FLAGS: options that are the misuse, of the second compilation only
#   OWN-LINE-GNU: N, OWN-LINE-Clang: N: a line of the file itself is among the first N, not 15; `none`: GCC 12 does
#                 not say from where a variable template was used
cmake_minimum_required(VERSION 3.25)
set(command "${COMPILER}" -std=c++20 -fsyntax-only -fdiagnostics-color=never "-I${INCLUDE}" "${SOURCE}")

execute_process(COMMAND ${command} RESULT_VARIABLE control ERROR_VARIABLE output)
if(NOT control EQUAL 0)
  message(FATAL_ERROR "without MISUSE it must compile:\n${output}")
endif()

file(STRINGS "${SOURCE}" flags REGEX "^// MISUSE-FLAGS: ")
string(REGEX REPLACE "^// MISUSE-FLAGS: " "" flags "${flags}")
execute_process(COMMAND ${command} -DMISUSE ${flags} RESULT_VARIABLE misuse ERROR_VARIABLE output)
if(misuse EQUAL 0)
  message(FATAL_ERROR "with MISUSE it compiles")
endif()

# Characters that are special to CMake must not get lost in the text.
string(REPLACE ";" "," output "${output}")
string(REPLACE "[" "(" output "${output}")
string(REPLACE "]" ")" output "${output}")
string(REPLACE "\n" ";" lines "${output}")

# The first line of the file after its includes: an error that points to an `#include` helps no user.
cmake_path(GET SOURCE FILENAME file)
file(STRINGS "${SOURCE}" own_text)
set(at 0)
set(last_include 0)
foreach(line IN LISTS own_text)
  math(EXPR at "${at} + 1")
  if(line MATCHES "^#include")
    set(last_include ${at})
  endif()
endforeach()

# Every error is from weft or in the file itself: a mistake must not cause a second error inside a header.
foreach(line IN LISTS lines)
  # (After an #error about compiler options other errors may follow.)
  if(NOT flags AND line MATCHES "^[^ ]+: error: " AND NOT line MATCHES "^[^ ]*${file}:" AND NOT line MATCHES "weft: |weft needs |weft_[a-z0-9_]+")
    message(FATAL_ERROR "an error from the inside follows:\n${line}\n${output}")
  endif()
endforeach()

# Removes the source lines that compilers echo, which contain the file's own text: `   12 | code`, `      |
# ^~~`, and Clang 16's lines, which do not begin with a position or `note:`.
set(said "")
set(count 0)
set(own_line 0)
set(first_error "")
set(first_note "")
foreach(line IN LISTS lines)
  math(EXPR count "${count} + 1")
  if(own_line EQUAL 0 AND line MATCHES "${file}:([0-9]+)" AND CMAKE_MATCH_1 GREATER last_include)
    set(own_line ${count})
  endif()
  if(line MATCHES "(error|note|required from|In instantiation|in instantiation)" AND NOT line MATCHES "^ *[0-9]* \\|")
    string(APPEND said "${line}\n")
    if(first_error STREQUAL "" AND line MATCHES ": error: ")
      set(first_error "${line}\n")
    elseif(first_note STREQUAL "" AND NOT first_error STREQUAL "" AND line MATCHES ": note: ")
      set(first_note "${line}\n")
    endif()
  endif()
endforeach()
if(COMPILER MATCHES "clang")
  set(family Clang)
else()
  set(family GNU)
endif()
set(limit 15)
file(STRINGS "${SOURCE}" own_limit REGEX "^// OWN-LINE-${family}: ")
if(own_limit)
  string(REGEX REPLACE "^// OWN-LINE[^:]*: " "" limit "${own_limit}")
endif()
if(NOT limit STREQUAL "none" AND (own_line EQUAL 0 OR own_line GREATER limit))
  message(FATAL_ERROR "a line of ${file} is not among the first ${limit} lines but is the ${own_line}.:\n${output}")
endif()

file(STRINGS "${SOURCE}" expectations REGEX "^// EXPECT(-${family})?: ")
if(NOT expectations)
  message(FATAL_ERROR "${file} expects nothing")
endif()
# The names of task, workflow and culprit are in the first error or its first note.
file(STRINGS "${SOURCE}" names REGEX "^// FIRST: ")
if(NOT names)
  message(FATAL_ERROR "${file} does not say what the first error must name")
endif()
foreach(name IN LISTS names)
  string(REGEX REPLACE "^// FIRST: " "" pattern "${name}")
  if(NOT "${first_error}${first_note}" MATCHES "${pattern}")
    message(FATAL_ERROR "the first error and its first note do not match '${pattern}':\n${first_error}${first_note}")
  endif()
endforeach()
foreach(expectation IN LISTS expectations)
  string(REGEX REPLACE "^// EXPECT[^:]*: " "" pattern "${expectation}")
  if(NOT said MATCHES "${pattern}")
    message(FATAL_ERROR "the message does not match '${pattern}':\n${said}")
  endif()
endforeach()
