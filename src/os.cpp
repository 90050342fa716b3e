// SPDX-License-Identifier: MIT
#include <weft/os/helper_threads.ipp>
#include <weft/os/hmac_sha1.ipp>
#include <weft/os/inherited_state.ipp>
#include <weft/os/link_tree.ipp>
#include <weft/os/machine_memory.ipp>
#include <weft/os/memory_pipe.ipp>
#include <weft/os/process.ipp>
#include <weft/os/process_table.ipp>
#include <weft/os/program_digest.ipp>
#include <weft/os/reactor.ipp>
#include <weft/os/replace_files.ipp>
#include <weft/os/scratch_files.ipp>
#include <weft/os/scratch_seal.ipp>
#include <weft/os/sha256.ipp>
