# SPDX-License-Identifier: MIT
# Configures ${SOURCE} with ${OPTIONS} in a new ${BUILD}, builds it and runs its ${PROGRAM}.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE "${BUILD}")
function(demand)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${status}: ${command}")
  endif()
endfunction()
demand("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BUILD}" -G "${GENERATOR}" ${OPTIONS})
demand("${CMAKE_COMMAND}" --build "${BUILD}")
demand("${BUILD}/${PROGRAM}" --scratch "${BUILD}" --results "${BUILD}/results")
