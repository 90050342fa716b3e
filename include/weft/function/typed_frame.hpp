// SPDX-License-Identifier: MIT
// The typed workflow's part of a run's values: its callables, and its parameters with their types.
#pragma once

#include <weft/function/call_frame.hpp>
#include <weft/plan/parameter_parts.hpp>
#include <weft/plan/parameter_text.hpp>
#include <weft/plan/workflow.hpp>

#include <boost/hana/unpack.hpp>

#include <cstddef>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace weft::function {

/// The addresses of a workflow's callables that have a state.
template <class Callables>
std::vector<const void*> addresses_of(const Callables& callables) {
    std::vector<const void*> all;
    boost::hana::unpack(callables, [&](const auto&... each) {
        (void)std::initializer_list<bool>{true, (all.push_back(&each), true)...};
    });
    return all;
}

template <text::fixed_string Name, class T, bool Optional>
bool make_parameter(call_frame& frame, const dsl::param_type<Name, T, Optional>&, plan::index number,
                    std::span<const std::string> texts) {
    void* const place = number == plan::none ? nullptr : frame.parameter(number);
    if (place == nullptr) return false;
    T* const value = ::new (place) T(*plan::parse_value<T>(texts[number]).value);
    frame.own_parameter(value, &plan::destroy_value<T>);
    return true;
}
template <class Parameter>
bool make_parameter(call_frame& frame, const plan::bound_parameter<Parameter>& bound, plan::index number,
                    std::span<const std::string> texts) {
    return make_parameter(frame, bound.parameter, number, texts);
}

/// Constructs the parameters that functions take from the texts of the plan's `all_parameters`.
template <class Rows>
void make_parameters(call_frame& frame, const Rows& rows, std::span<const std::string> texts) {
    boost::hana::unpack(rows.parameters, [&](const auto&... declared) {
        [[maybe_unused]] std::size_t at = 0;
        (void)std::initializer_list<bool>{
            true, make_parameter(frame, declared, rows.tables.parameters[at++], texts)...};
    });
}

}  // namespace weft::function
