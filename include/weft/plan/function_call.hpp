// SPDX-License-Identifier: MIT
// Whether a function can be called with its arguments, how each is passed, and the type of the result.
#pragma once

#include <weft/graph/errors.hpp>
#include <weft/graph/message.hpp>
#include <weft/plan/function_signature.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The result of a task whose error is already reported.
struct no_result {};

/// An argument: its type, and whether the call is its only consumer and may move it.
template <class T, bool Owned>
struct incoming {
    static constexpr bool lacking = false;  ///< there is no value to pass
    static constexpr bool is_void = false;
    using type = T;
    using shared = const T&;
    using moved = std::conditional_t<Owned, T&&, const T&>;
    /// The type in which it is passed to a parameter of that type.
    template <class Parameter>
    using passed = std::conditional_t<std::is_lvalue_reference_v<Parameter>, shared, moved>;
};
template <bool Owned>
struct incoming<void, Owned> {
    static constexpr bool lacking = true;
    static constexpr bool is_void = true;
};
template <bool Owned>
struct incoming<no_result, Owned> {
    static constexpr bool lacking = true;
    static constexpr bool is_void = false;
};

/// One way to pass all arguments.
template <bool Context, class... Passed>
struct way {
    static constexpr bool context = Context;
    static constexpr bool moves[] = {std::is_rvalue_reference_v<Passed>..., false};
    using arguments = dsl::types<Passed...>;
    template <class Callable>
    static constexpr bool fits = std::is_invocable_v<Callable, Passed...>;
    template <class Callable>
    using result = std::invoke_result_t<Callable, Passed...>;
};
template <class... Passed>
struct way<true, Passed...> {
    static constexpr bool context = true;
    static constexpr bool moves[] = {std::is_rvalue_reference_v<Passed>..., false};
    using arguments = dsl::types<Passed...>;
    template <class Callable>
    static constexpr bool fits = std::is_invocable_v<Callable, weft::context&, Passed...>;
    template <class Callable>
    using result = std::invoke_result_t<Callable, weft::context&, Passed...>;
};

/// Whether a parameter takes the argument without a conversion and without a copy that may not exist. Most
/// do, and then the compiler need not try the call.
template <class Parameter, class Incoming>
inline constexpr bool takes = false;
template <class T, bool Owned>
inline constexpr bool takes<const T&, incoming<T, Owned>> = true;
template <class T, bool Owned>
inline constexpr bool takes<T, incoming<T, Owned>> = std::is_arithmetic_v<T>;

// The parameters of a callable with a known signature determine how arguments are passed.
template <class Signature, class Parameters, class... Incoming>
struct known_way {  // another number of arguments
    static constexpr bool exact = false;
    using type = void;
};
template <class Signature, class... Parameters, class... Incoming>
requires(sizeof...(Parameters) ==
         sizeof...(Incoming)) struct known_way<Signature, dsl::types<Parameters...>, Incoming...> {
    static constexpr bool exact = Signature::plain && (true && ... && takes<Parameters, Incoming>);
    using type = way<Signature::wants_context, typename Incoming::template passed<Parameters>...>;
};

/// For generic callables several ways are tried: all arguments shared, all moved that may be, and both with
/// the context first.
template <class Callable, class... Ways>
struct first_way {
    using type = void;
};
template <class Callable, class Way, class... Ways>
struct first_way<Callable, Way, Ways...>
    : std::conditional_t<Way::template fits<Callable>, std::type_identity<Way>,
                         first_way<Callable, Ways...>> {};

template <class Known, class Callable, class... Incoming>
struct call_way : known_way<Known, typename Known::parameters, Incoming...> {};
template <class Callable, class... Incoming>
struct call_way<unknown_signature, Callable, Incoming...>
    : first_way<Callable, way<false, typename Incoming::shared...>, way<false, typename Incoming::moved...>,
                way<true, typename Incoming::shared...>, way<true, typename Incoming::moved...>> {};

/// The result of a call with the arguments as passed; `Fits`: the call is valid.
template <bool Fits, class Way, class Target>
struct call_result {
    using type = no_result;
};
template <class Way, class Target>
struct call_result<true, Way, Target> {
    using type = typename Way::template result<Target>;
};

/// A specialization, because both sides of `||` would be instantiated and the check is expensive.
template <class Way, class Target>
inline constexpr bool fits_way = Way::template fits<Target>;
template <class Target>
inline constexpr bool fits_way<void, Target> = false;

template <bool Sound, class Way>
inline constexpr const bool* moves_of = nullptr;
template <class Way>
inline constexpr const bool* moves_of<true, Way> = Way::moves;

/// A call with its result. A data member of an argument is part of another task's value and is copied.
template <bool Fits, class Way, class Returned, bool Copied>
struct call_made {
    static constexpr bool lacking = false;
    static constexpr bool fits = Fits;
    static constexpr bool sound = Fits && (Copied || !std::is_reference_v<Returned>);
    using chosen = Way;
    using returned = Returned;
    using result = std::conditional_t<sound, std::remove_cvref_t<Returned>, no_result>;
    static constexpr const bool* moves = moves_of<sound, Way>;
};

/// How `Callable` is called with its arguments, and the result. Not a function and not a lambda, because a
/// compiler does this for each task. Tasks with the same signature share it if the signature is sufficient.
template <bool Exact, class Known, class Callable, class... Incoming>
struct known_call {
    /// The callable as it is called: a stored callable is const, because all runs share it.
    using target = std::conditional_t<dsl::is_stateless<Callable>, Callable, const Callable&>;
    using chosen = typename call_way<Known, target, Incoming...>::type;
    static constexpr bool fits = fits_way<chosen, target>;
    using type =
        call_made<fits, chosen, typename call_result<fits, chosen, target>::type, is_data_member<Callable>>;
};
template <class Known, class Callable, class... Incoming>
struct known_call<true, Known, Callable, Incoming...> {
    using type = call_made<true, typename known_way<Known, typename Known::parameters, Incoming...>::type,
                           typename Known::result, false>;
};
template <bool Lacking, class Callable, class... Incoming>
struct call_with {
    using known = typename signature_of<Callable>::type;
    using type = typename known_call<known_way<known, typename known::parameters, Incoming...>::exact, known,
                                     Callable, Incoming...>::type;
};
struct call_lacking {
    static constexpr bool lacking = true;
    static constexpr bool sound = false;
    static constexpr const bool* moves = nullptr;
    using chosen = void;
    using result = no_result;
};
template <class Callable, class... Incoming>
struct call_with<true, Callable, Incoming...> {
    using type = call_lacking;
};
template <class Callable, class... Incoming>
using call_of = call_with<(false || ... || Incoming::lacking), Callable, Incoming...>;

/// The beginning of a message: task and workflow.
constexpr graph::message message_about(std::string_view task, std::string_view workflow) {
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

/// Describes why a call does not fit; only evaluated for such a call.
template <class Passed, class Parameter>
inline constexpr argument_spelling spelled{spelling<Passed>(), spelling<Parameter>(),
                                           std::is_convertible_v<Passed, Parameter>};

/// Names the first argument that does not fit: its producer, its type, and the parameter's type. `producers`
/// has a task's name for each argument, or an empty text if the argument is not a task's value.
template <class... Arguments, class... Parameters>
consteval void add_mismatch(graph::message& said, const std::string_view* producers, dsl::types<Arguments...>,
                            dsl::types<Parameters...>) {
    const argument_spelling all[] = {spelled<Arguments, Parameters>..., {}};
    for (std::size_t at = 0; at < sizeof...(Arguments); ++at) {
        if (all[at].fits) continue;
        constexpr std::string_view digits = "0123456789";
        said << "cannot be called";
        const bool named = !producers[at].empty();
        if (named) {
            said << " with ";
            const std::size_t start = said.size;
            said << "from<\"" << producers[at] << "\">";
            said.culprit = {start, said.size - start};
        }
        said << ": argument ";
        if (at + 1 >= 10) said << digits.substr((at + 1) / 10, 1);
        said << digits.substr((at + 1) % 10, 1) << " is ";
        if (named)
            said << all[at].argument;
        else
            said << graph::culprit{all[at].argument};
        said << ", and its parameter is " << all[at].parameter;
        if (all[at].argument.ends_with('&') && !all[at].argument.ends_with("&&"))
            said << " (a value is shared unless this is its only consumer)";
        return;
    }
    said << "cannot be called as const: its function modifies its own state, which all runs share";
}

template <class... Arguments>
consteval void add_arguments(graph::message& said, dsl::types<Arguments...>) {
    const std::string_view all[] = {spelling<Arguments>()..., {}};
    said << "cannot be called with (";
    const std::size_t start = said.size;
    for (std::size_t at = 0; at < sizeof...(Arguments); ++at) said << (at == 0 ? "" : ", ") << all[at];
    said.culprit = {start, said.size - start};
    said << "), the types of its arguments";
}

template <class Call, class Callable, class... Incoming>
consteval graph::message not_callable(std::string_view task, std::string_view workflow,
                                      const std::string_view* producers, dsl::types<Incoming...>) {
    graph::message said = message_about(task, workflow);
    using known = typename signature_of<Callable>::type;
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
        add_mismatch(said, producers, typename Call::chosen::arguments(), typename known::parameters());
    }
    return said;
}

}  // namespace weft::plan
