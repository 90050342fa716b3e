# SPDX-License-Identifier: MIT
# Creates a small tree under ${ROOT} in which each file breaks a rule, and requires ${CHECK} to report each
# file.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE "${ROOT}")
function(header path)
  list(JOIN ARGN "\n" text)
  file(WRITE "${ROOT}/include/weft/${path}" "// SPDX-License-Identifier: MIT\n#pragma once\n${text}\n")
endfunction()
header(impl.hpp)
header(text/upward.hpp "#include <weft/dsl/task.hpp>")
header(plan/tables.hpp "#include <weft/os/reactor.hpp>")
header(remote/executor_user.hpp "#include <weft/engine/workflow_run.hpp>")
header(transfer/sibling.hpp "#include <weft/local/machine.hpp>")
header(dsl/slow.hpp "#include <thread>")
header(os/session.ipp "#include <libssh/libssh.h>")
header(attic/lost.hpp)
header(os/allowed.hpp "#include <weft/config.hpp>" "#include <weft/os/clock.hpp>" "#include <string>")
file(WRITE "${ROOT}/include/weft/engine/bare.hpp" "// no guard\n")

execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${ROOT}" -P "${CHECK}"
                RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "The check passes over a broken tree:\n${output}")
endif()
foreach(expected
        "text/upward.hpp: 'text' must not include <weft/dsl/task.hpp>"
        "plan/tables.hpp: 'plan' must not include <weft/os/reactor.hpp>"
        "remote/executor_user.hpp: 'remote' must not include <weft/engine/workflow_run.hpp>"
        "transfer/sibling.hpp: 'transfer' must not include <weft/local/machine.hpp>"
        "dsl/slow.hpp: <thread> is heavy"
        "os/session.ipp: 'os' must not include <libssh/libssh.h>"
        "os/session.ipp: is included 0 times by weft/impl.hpp"
        "attic/lost.hpp: belongs to no room"
        "engine/bare.hpp: has no #pragma once")
  string(FIND "${output}" "${expected}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "Not reported: ${expected}\n--- output of the check:\n${output}")
  endif()
endforeach()
if(output MATCHES "allowed")
  message(FATAL_ERROR "A header that keeps to the table is reported:\n${output}")
endif()
