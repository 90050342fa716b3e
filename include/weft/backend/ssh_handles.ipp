// SPDX-License-Identifier: MIT
#pragma once

#include <libssh/libssh.h>

#include <memory>

namespace weft::backend::detail {

// Owners of what libssh hands out. Only implementation headers include this one: it brings in libssh.

struct ssh_text_delete {
    void operator()(char* text) const { ::ssh_string_free_char(text); }
};
struct ssh_key_delete {
    void operator()(ssh_key_struct* key) const { ::ssh_key_free(key); }
};

using ssh_text = std::unique_ptr<char, ssh_text_delete>;
using ssh_key_handle = std::unique_ptr<ssh_key_struct, ssh_key_delete>;

}  // namespace weft::backend::detail
