# SPDX-License-Identifier: MIT
# cmake -DROOT=... -DHEADER=weft/functions.hpp -DOUTPUT=... -P amalgamate.cmake: HEADER of ROOT/include with every header of
# weft that it reaches, each once and where it is first included, as one file. Headers of others stay includes.
cmake_minimum_required(VERSION 3.25)

set_property(GLOBAL PROPERTY text "")
set_property(GLOBAL PROPERTY seen "")

function(emit text)
  set_property(GLOBAL APPEND_STRING PROPERTY text "${text}")
endfunction()

# What a header needs comes before it, as includes stand on top of headers; those below its code, which bring the code of
# functions that it declares, come after it.
function(put_in header)
  get_property(seen GLOBAL PROPERTY seen)
  if(header IN_LIST seen)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY seen "${header}")
  file(READ "${ROOT}/include/${header}" own)
  string(FIND "${own}" "\nnamespace " code)
  string(SUBSTRING "${own}" 0 ${code} above)
  set(below "")
  if(NOT code EQUAL -1)
    string(SUBSTRING "${own}" ${code} -1 below)
  endif()
  put_in_included("${above}")
  string(REGEX REPLACE "^// SPDX[^\n]*\n" "" own "${own}")
  string(REPLACE "#pragma once\n" "" own "${own}")
  string(REGEX REPLACE "#include <weft/[^\n]*\n" "" own "${own}")
  string(REGEX REPLACE "#ifndef WEFT_COMPILED\n#endif\n" "" own "${own}")
  string(STRIP "${own}" own)
  emit("\n// ---- ${header}\n\n${own}\n")
  put_in_included("${below}")
endfunction()

# The headers that a part of a header includes.
function(put_in_included text)
  string(REGEX MATCHALL "\n#include <weft/[^>]+>" includes "${text}")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "^\n#include <(.*)>" "\\1" inner "${include}")
    put_in("${inner}")
  endforeach()
endfunction()

file(READ "${ROOT}/LICENSE" license)
string(STRIP "${license}" license)
string(REPLACE "\n" "\n// " license "// ${license}")
string(REPLACE "// \n" "//\n" license "${license}")
file(READ "${ROOT}/include/weft/config.hpp" config)
string(REGEX MATCH "WEFT_VERSION \"([^\"]+)\"" version "${config}")
set(version "${CMAKE_MATCH_1}")

put_in("${HEADER}")
get_property(text GLOBAL PROPERTY text)
string(REGEX REPLACE "\n\n\n+" "\n\n" text "${text}")
file(WRITE "${OUTPUT}" "// SPDX-License-Identifier: MIT
// weft ${version} in one file: ${HEADER} and what it needs of weft. Made by single_include/amalgamate.cmake; do not edit.
//
${license}
#pragma once

${text}")
