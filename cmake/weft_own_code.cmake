# SPDX-License-Identifier: MIT
# The warnings of our own code: the compiled library, examples, tests. Never exported.

set(weft_warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

# weft_own_code(<target>...): warnings are errors there.
function(weft_own_code)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE ${weft_warnings})
  endforeach()
endfunction()

weft_own_code(weft_compiled)
