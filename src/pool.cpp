// SPDX-License-Identifier: MIT
#include <weft/pool/fence.ipp>
#include <weft/pool/graph_run.ipp>
#include <weft/pool/opening.ipp>
#include <weft/pool/sharing.ipp>
#include <weft/pool/workers.ipp>
