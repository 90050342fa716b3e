// SPDX-License-Identifier: MIT
#include <weft/journal/fingerprint.ipp>
#include <weft/journal/history.ipp>
#include <weft/journal/journal_file.ipp>
#include <weft/journal/lines.ipp>
#include <weft/journal/path_digest.ipp>
#include <weft/journal/run_record.ipp>
#include <weft/journal/spelling.ipp>
#include <weft/journal/state.ipp>
