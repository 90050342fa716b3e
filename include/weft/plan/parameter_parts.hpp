// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <boost/hana/basic_tuple.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace weft::plan {

/// Where the parameters are among a workflow's parts.
template <std::size_t Most>
struct part_places {
    std::size_t count = 0;
    std::size_t at[Most + 1]{};
};

template <std::size_t Most>
consteval part_places<Most> parameter_places(std::span<const graph::part_row> parts) {
    part_places<Most> places;
    for (std::size_t at = 0; at < parts.size(); ++at)
        if (parts[at].kind == graph::part_kind::param) places.at[places.count++] = at;
    return places;
}

template <std::size_t>
using any_part = const void*;

/// Picks the part that stands behind as many others as `Before` has elements.
template <class Before>
struct part_picker;
template <std::size_t... Before>
struct part_picker<std::index_sequence<Before...>> {
    template <class Part>
    static constexpr const Part& pick(any_part<Before>..., const Part* part, ...) {
        return *part;
    }
};

/// The parameters among the parts, with their types. Shell tasks are never stored: a tuple of a thousand
/// costs seconds.
template <part_places Places, bool None = Places.count == 0>
struct parameter_choice {
    template <class... Parts>
    static constexpr auto among(const Parts*... parts) {
        return [&]<std::size_t... Each>(std::index_sequence<Each...>) {
            return boost::hana::make_basic_tuple(
                part_picker<std::make_index_sequence<Places.at[Each]>>::pick(parts...)...);
        }
        (std::make_index_sequence<Places.count>{});
    }
};

/// None: then there is no function over all parts, for the sake of symbols (see workflow.hpp).
template <part_places Places>
struct parameter_choice<Places, true> {
    static constexpr boost::hana::basic_tuple<> among(...) { return {}; }
};

}  // namespace weft::plan
