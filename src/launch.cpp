// SPDX-License-Identifier: MIT
#include <weft/launch/bindings_now.ipp>
#include <weft/launch/past_places.ipp>
#include <weft/launch/run_plan.ipp>
