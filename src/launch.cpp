// SPDX-License-Identifier: MIT
#include <weft/launch/past_places.ipp>
#include <weft/launch/run_plan.ipp>
