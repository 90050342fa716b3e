// SPDX-License-Identifier: MIT
// The parameters of a callable, as far as they are known, and how it is called.
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/workflow.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The parameters of a callable, except a context as the first one.
template <class... Parameters>
struct signature {
    static constexpr bool wants_context = false;
    using parameters = dsl::types<Parameters...>;
};
template <class... Parameters>
struct signature<context&, Parameters...> : signature<Parameters...> {
    static constexpr bool wants_context = true;
};
template <class... Parameters>
struct signature<const context&, Parameters...> : signature<context&, Parameters...> {};

/// A callable that is neither generic nor overloaded. `Plain`: it can be called with its arguments as they
/// are and returns a `Result`.
template <bool Plain, class Result, class... Parameters>
struct known_signature : signature<Parameters...> {
    static constexpr bool known = true;
    static constexpr bool plain = Plain;
    using result = Result;
};
struct unknown_signature {
    static constexpr bool known = false;
    static constexpr bool plain = false;
    static constexpr bool wants_context = false;
    using parameters = dsl::types<>;
};

// For a member function, `Object` as written in its signature. For a call operator the object is not a
// parameter.
template <class Function>
struct member_signature;
#define WEFT_MEMBER(qualifiers, object, plain)                                     \
    template <class Result, class Class, class... Parameters>                      \
    struct member_signature<Result (Class::*)(Parameters...) qualifiers> {         \
        using as_operator = known_signature<plain, Result, Parameters...>;         \
        using as_function = known_signature<false, Result, object, Parameters...>; \
    };                                                                             \
    template <class Result, class Class, class... Parameters>                      \
    struct member_signature<Result (Class::*)(Parameters...) qualifiers noexcept>  \
        : member_signature<Result (Class::*)(Parameters...) qualifiers> {};
WEFT_MEMBER(, Class&, false)
WEFT_MEMBER(const, const Class&, true)
WEFT_MEMBER(&, Class&, false)
WEFT_MEMBER(const&, const Class&, true)
WEFT_MEMBER(&&, Class&&, false)
#undef WEFT_MEMBER
template <class Value, class Class>
requires(!std::is_function_v<Value>) struct member_signature<Value Class::*> {
    using as_function = known_signature<false, Value, const Class&>;
};

template <class Callable>
struct signature_of {
    using type = unknown_signature;
};
template <class Callable>
requires requires {
    &Callable::operator();
}
struct signature_of<Callable> {
    using type = typename member_signature<decltype(&Callable::operator())>::as_operator;
};
template <class Result, class... Parameters>
struct signature_of<Result (*)(Parameters...)> {
    using type = known_signature<true, Result, Parameters...>;
};
template <class Result, class... Parameters>
struct signature_of<Result (*)(Parameters...) noexcept> {
    using type = known_signature<true, Result, Parameters...>;
};
template <class Value, class Class>
struct signature_of<Value Class::*> {
    using type = typename member_signature<Value Class::*>::as_function;
};

// Like std::is_member_pointer, which is four classes for each lambda.
template <class Callable>
inline constexpr bool is_member = false;
template <class Value, class Class>
inline constexpr bool is_member<Value Class::*> = true;
template <class Callable>
inline constexpr bool is_data_member = false;
template <class Value, class Class>
inline constexpr bool is_data_member<Value Class::*> = !std::is_function_v<Value>;

template <class Value, class Class>
Class class_of(Value Class::*);

/// std::invoke, without its header.
template <class Callable, class... Arguments>
constexpr std::invoke_result_t<Callable, Arguments...> call(Callable&& callable, Arguments&&... arguments) {
    return std::forward<Callable>(callable)(std::forward<Arguments>(arguments)...);
}
template <class Callable, class Object, class... Arguments>
requires std::is_member_pointer_v<std::remove_cvref_t<Callable>>
constexpr std::invoke_result_t<Callable, Object, Arguments...> call(Callable&& member, Object&& object,
                                                                    Arguments&&... arguments) {
    using owner = decltype(class_of(member));
    if constexpr (!std::is_base_of_v<owner, std::remove_cvref_t<Object>>)
        return call(member, *object,
                    std::forward<Arguments>(arguments)...);  // a pointer, or a pointer-like object
    else if constexpr (std::is_member_object_pointer_v<std::remove_cvref_t<Callable>>)
        return std::forward<Object>(object).*member;
    else
        return (std::forward<Object>(object).*member)(std::forward<Arguments>(arguments)...);
}

template <class T>
constexpr std::string_view pretty() {
    return __PRETTY_FUNCTION__;
}
/// A type as the compiler spells it.
template <class T>
constexpr std::string_view spelling() {
    std::string_view text = pretty<T>();
    text.remove_prefix(text.find("T = ") + 4);
    std::size_t end = text.find("; std::string_view");
    if (end == text.npos) end = text.rfind(']');
    return text.substr(0, end);
}

}  // namespace weft::plan
