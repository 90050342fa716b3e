# SPDX-License-Identifier: MIT
# Targets for people: `format` rewrites, `lint` looks (format and clang-tidy). A test looks at the format too.
find_program(WEFT_CLANG_FORMAT NAMES clang-format-14 clang-format)
# Of a Clang that compiles weft: 16 at least.
find_program(WEFT_CLANG_TIDY NAMES clang-tidy-19 clang-tidy-18 clang-tidy-17 clang-tidy-16)

file(GLOB_RECURSE weft_formatted CONFIGURE_DEPENDS
     "${PROJECT_SOURCE_DIR}/include/*.hpp" "${PROJECT_SOURCE_DIR}/include/*.ipp" "${PROJECT_SOURCE_DIR}/src/*.cpp"
     "${PROJECT_SOURCE_DIR}/tests/*.hpp" "${PROJECT_SOURCE_DIR}/tests/*.cpp" "${PROJECT_SOURCE_DIR}/examples/*.cpp"
     "${PROJECT_SOURCE_DIR}/benchmarks/*.cpp")
# One file a line: the list is longer than some systems let a command be.
list(JOIN weft_formatted "\n" lines)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/formatted_files" CONTENT "${lines}\n" @ONLY)

if(WEFT_CLANG_FORMAT)
  set(format_all xargs -a "${PROJECT_BINARY_DIR}/formatted_files" "${WEFT_CLANG_FORMAT}")
  add_custom_target(format COMMAND ${format_all} -i VERBATIM)
  add_custom_target(check_format COMMAND ${format_all} --dry-run -Werror VERBATIM)
  execute_process(COMMAND "${WEFT_CLANG_FORMAT}" --version OUTPUT_VARIABLE version)
  if(WEFT_BUILD_TESTS AND version MATCHES "version 14\\.")
    add_test(NAME "lint: the code is formatted" COMMAND ${format_all} --dry-run -Werror)
    set_tests_properties("lint: the code is formatted" PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endif()

if(WEFT_CLANG_TIDY AND WEFT_CLANG_FORMAT)
  # The sources include every implementation header, and those every declaration.
  set(linted ${weft_sources})
  if(WEFT_BUILD_EXAMPLES)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/examples/*.cpp")
    list(APPEND linted ${sources})
  endif()
  if(WEFT_BUILD_TESTS)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/*/*.cpp"
         "${PROJECT_SOURCE_DIR}/tests/*/programs/*.cpp")
    # What must not compile, and what another compiler builds.
    list(FILTER sources EXCLUDE REGEX "/tests/(compile_fail|fuzz)/")
    list(APPEND linted ${sources})
  endif()
  list(JOIN linted "\n" lines)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/linted_files" CONTENT "${lines}\n" @ONLY)
  include(ProcessorCount)
  ProcessorCount(processors)
  add_custom_target(lint COMMAND xargs -a "${PROJECT_BINARY_DIR}/linted_files" -n 1 -P ${processors}
                                 "${WEFT_CLANG_TIDY}" --quiet -p "${PROJECT_BINARY_DIR}" VERBATIM)
  add_dependencies(lint check_format)
endif()
