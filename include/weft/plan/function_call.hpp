// SPDX-License-Identifier: MIT
// Whether a function can be called with what its arguments are, how each is passed, and what comes back.
#pragma once

#include <weft/graph/errors.hpp>
#include <weft/graph/message.hpp>
#include <weft/plan/function_signature.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The result of a task of which an error is told already.
struct no_result {};

/// An argument as it comes: its type, and whether the call is its only consumer and may move it.
template <class T, bool Owned>
struct incoming {
    using shared = const T&;
    using moved = std::conditional_t<Owned, T&&, const T&>;
    /// For a parameter of that type.
    template <class Parameter>
    using passed = std::conditional_t<std::is_lvalue_reference_v<Parameter>, shared, moved>;
};

/// One way to pass all arguments.
template <bool Context, class... Passed>
struct way;
template <class... Passed>
struct way<false, Passed...> {
    static constexpr bool context = false;
    using arguments = dsl::types<Passed...>;
    template <class Callable>
    static constexpr bool fits = std::is_invocable_v<Callable, Passed...>;
    template <class Callable>
    using result = std::invoke_result_t<Callable, Passed...>;
};
template <class... Passed>
struct way<true, Passed...> {
    static constexpr bool context = true;
    using arguments = dsl::types<Passed...>;
    template <class Callable>
    static constexpr bool fits = std::is_invocable_v<Callable, weft::context&, Passed...>;
    template <class Callable>
    using result = std::invoke_result_t<Callable, weft::context&, Passed...>;
};

// A callable of known signature says by its parameters what it wants.
template <class Signature, class Parameters, class Incoming>
struct known_way {
    using type = void;  // another number of arguments
};
template <class Signature, class... Parameters, class... Incoming>
requires(
    sizeof...(Parameters) ==
    sizeof...(Incoming)) struct known_way<Signature, dsl::types<Parameters...>, dsl::types<Incoming...>> {
    using type = way<Signature::wants_context, typename Incoming::template passed<Parameters>...>;
};

/// Generic ones are tried: all shared, all moved that may be, and both with the context first.
template <class Callable, class... Ways>
struct first_way {
    using type = void;
};
template <class Callable, class Way, class... Ways>
struct first_way<Callable, Way, Ways...>
    : std::conditional_t<Way::template fits<Callable>, std::type_identity<Way>,
                         first_way<Callable, Ways...>> {};

template <class Callable, class Incoming>
struct call_of;
template <class Callable, class... Incoming>
struct call_of<Callable, dsl::types<Incoming...>> {
    using known = typename signature_of<Callable>::type;
    /// As it is called: a callable that is kept is shared by all runs.
    using target = std::conditional_t<dsl::is_stateless<Callable>, Callable, const Callable&>;

    static consteval auto choose() {
        if constexpr (known::known)
            return std::type_identity<
                typename known_way<known, typename known::parameters, dsl::types<Incoming...>>::type>();
        else
            return std::type_identity<typename first_way<
                target, way<false, typename Incoming::shared...>, way<false, typename Incoming::moved...>,
                way<true, typename Incoming::shared...>, way<true, typename Incoming::moved...>>::type>();
    }
    using chosen = typename decltype(choose())::type;

    static consteval bool fits() {
        if constexpr (std::is_void_v<chosen>)
            return false;
        else
            return chosen::template fits<target>;
    }
    static consteval auto returned() {
        if constexpr (fits() && std::is_member_object_pointer_v<Callable>)
            // A copy: what a data member refers to is part of another task's value.
            return std::type_identity<std::remove_cvref_t<typename chosen::template result<target>>>();
        else if constexpr (fits())
            return std::type_identity<typename chosen::template result<target>>();
        else
            return std::type_identity<no_result>();
    }
    using result = typename decltype(returned())::type;
};

/// The first sentence of what is wrong: task and workflow.
constexpr graph::message told_of(std::string_view task, std::string_view workflow) {
    graph::message said;
    said.task = (said << "task '").put(task);
    said.workflow = (said << "' of workflow '").put(workflow);
    said << "' ";
    return said;
}

struct argument_spelling {
    std::string_view argument;
    std::string_view parameter;
    bool fits = true;
};

/// Says why a call does not fit; only ever evaluated when it does not.
template <class Passed, class Parameter>
inline constexpr argument_spelling spelled{spelling<Passed>(), spelling<Parameter>(),
                                           std::is_convertible_v<Passed, Parameter>};

template <class... Arguments, class... Parameters>
consteval void add_mismatch(graph::message& said, dsl::types<Arguments...>, dsl::types<Parameters...>) {
    const argument_spelling all[] = {spelled<Arguments, Parameters>..., {}};
    for (std::size_t at = 0; at < sizeof...(Arguments); ++at) {
        if (all[at].fits) continue;
        constexpr std::string_view digits = "0123456789";
        said << "cannot be called: argument ";
        if (at + 1 >= 10) said << digits.substr((at + 1) / 10, 1);
        said << digits.substr((at + 1) % 10, 1) << " is " << graph::culprit{all[at].argument}
             << ", and its parameter is " << all[at].parameter;
        if (all[at].argument.ends_with('&') && !all[at].argument.ends_with("&&"))
            said << " (a value is shared, and moved only into its one consumer)";
        return;
    }
    said << "cannot be called as a constant: its function changes its own state, which all runs share";
}

template <class... Arguments>
consteval void add_arguments(graph::message& said, dsl::types<Arguments...>) {
    const std::string_view all[] = {spelling<Arguments>()..., {}};
    said << "cannot be called with (";
    const std::size_t start = said.size;
    for (std::size_t at = 0; at < sizeof...(Arguments); ++at) said << (at == 0 ? "" : ", ") << all[at];
    said.culprit = {start, said.size - start};
    said << "), which is what its arguments are";
}

template <class Call, class Callable, class... Incoming>
consteval graph::message not_callable(std::string_view task, std::string_view workflow,
                                      dsl::types<Incoming...>) {
    graph::message said = told_of(task, workflow);
    using known = typename Call::known;
    if constexpr (!known::known) {
        add_arguments(said, dsl::types<typename Incoming::moved...>());
    } else if constexpr (std::is_void_v<typename Call::chosen>) {
        add_arguments(said, dsl::types<typename Incoming::moved...>());
        said << "; its parameters are ";
        const auto parameters = [&]<class... Each>(dsl::types<Each...>) {
            const std::string_view all[] = {spelling<Each>()..., {}};
            said << "(";
            for (std::size_t at = 0; at < sizeof...(Each); ++at) said << (at == 0 ? "" : ", ") << all[at];
            said << ")";
        };
        parameters(typename known::parameters());
    } else {
        add_mismatch(said, typename Call::chosen::arguments(), typename known::parameters());
    }
    return said;
}

}  // namespace weft::plan
