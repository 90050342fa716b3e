// SPDX-License-Identifier: MIT
// Lists of types with access by index. A lookup reads one member, because a search through a list of base
// classes would leave memory behind in the compiler for each step.
#pragma once

#include <weft/dsl/workflow.hpp>

#include <cstddef>

namespace weft::plan {

/// Marks the end of a short row.
struct no_type {};

/// The maximum number of types in a row.
inline constexpr std::size_t row_size = 32;

// clang-format off
template <class T0 = no_type, class T1 = no_type, class T2 = no_type, class T3 = no_type,
          class T4 = no_type, class T5 = no_type, class T6 = no_type, class T7 = no_type,
          class T8 = no_type, class T9 = no_type, class T10 = no_type, class T11 = no_type,
          class T12 = no_type, class T13 = no_type, class T14 = no_type, class T15 = no_type,
          class T16 = no_type, class T17 = no_type, class T18 = no_type, class T19 = no_type,
          class T20 = no_type, class T21 = no_type, class T22 = no_type, class T23 = no_type,
          class T24 = no_type, class T25 = no_type, class T26 = no_type, class T27 = no_type,
          class T28 = no_type, class T29 = no_type, class T30 = no_type, class T31 = no_type>
struct type_row {
    using t0 = T0; using t1 = T1; using t2 = T2; using t3 = T3;
    using t4 = T4; using t5 = T5; using t6 = T6; using t7 = T7;
    using t8 = T8; using t9 = T9; using t10 = T10; using t11 = T11;
    using t12 = T12; using t13 = T13; using t14 = T14; using t15 = T15;
    using t16 = T16; using t17 = T17; using t18 = T18; using t19 = T19;
    using t20 = T20; using t21 = T21; using t22 = T22; using t23 = T23;
    using t24 = T24; using t25 = T25; using t26 = T26; using t27 = T27;
    using t28 = T28; using t29 = T29; using t30 = T30; using t31 = T31;
};

template <std::size_t Place>
struct type_choice;
#define WEFT_CHOICE(n)                  \
    template <>                         \
    struct type_choice<n> {             \
        template <class Row>            \
        using of = typename Row::t##n;  \
    }
WEFT_CHOICE(0); WEFT_CHOICE(1); WEFT_CHOICE(2); WEFT_CHOICE(3); WEFT_CHOICE(4);
WEFT_CHOICE(5); WEFT_CHOICE(6); WEFT_CHOICE(7); WEFT_CHOICE(8); WEFT_CHOICE(9);
WEFT_CHOICE(10); WEFT_CHOICE(11); WEFT_CHOICE(12); WEFT_CHOICE(13); WEFT_CHOICE(14);
WEFT_CHOICE(15); WEFT_CHOICE(16); WEFT_CHOICE(17); WEFT_CHOICE(18); WEFT_CHOICE(19);
WEFT_CHOICE(20); WEFT_CHOICE(21); WEFT_CHOICE(22); WEFT_CHOICE(23); WEFT_CHOICE(24);
WEFT_CHOICE(25); WEFT_CHOICE(26); WEFT_CHOICE(27); WEFT_CHOICE(28); WEFT_CHOICE(29);
WEFT_CHOICE(30); WEFT_CHOICE(31);
#undef WEFT_CHOICE
// clang-format on

template <std::size_t Place, class Row>
using type_at = typename type_choice<Place>::template of<Row>;

/// Rows of rows: any number of types.
template <class Tree, std::size_t Levels>
struct type_tree {
    using tree = Tree;
    static constexpr std::size_t levels = Levels;
};

// clang-format off
template <std::size_t Levels, class Done, class... Types>
struct in_rows;
template <std::size_t Levels, class... Done, class... Last>
requires(sizeof...(Done) != 0 && sizeof...(Last) <= row_size)
struct in_rows<Levels, dsl::types<Done...>, Last...>
    : in_rows<Levels + 1, dsl::types<>, Done..., type_row<Last...>> {};
template <std::size_t Levels, class... Last>
requires(sizeof...(Last) <= row_size)
struct in_rows<Levels, dsl::types<>, Last...> {
    using type = type_tree<type_row<Last...>, Levels>;
};
template <std::size_t Levels, class... Done,
          class T0, class T1, class T2, class T3, class T4, class T5, class T6, class T7,
          class T8, class T9, class T10, class T11, class T12, class T13, class T14, class T15,
          class T16, class T17, class T18, class T19, class T20, class T21, class T22, class T23,
          class T24, class T25, class T26, class T27, class T28, class T29, class T30, class T31,
          class Next, class... Rest>
struct in_rows<Levels, dsl::types<Done...>,
               T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15,
               T16, T17, T18, T19, T20, T21, T22, T23, T24, T25, T26, T27, T28, T29, T30, T31, Next, Rest...>
    : in_rows<Levels, dsl::types<Done..., type_row<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15,
                                                   T16, T17, T18, T19, T20, T21, T22, T23, T24, T25, T26, T27, T28, T29, T30, T31>>,
              Next, Rest...> {};
// clang-format on

/// The tree of these types.
template <class... Types>
using tree_of = typename in_rows<1, dsl::types<>, Types...>::type;

template <std::size_t Levels>
struct tree_choice {
    template <std::size_t Place, class Tree>
    using of =
        type_at<Place % row_size, typename tree_choice<Levels - 1>::template of<Place / row_size, Tree>>;
};
template <>
struct tree_choice<1> {
    template <std::size_t Place, class Tree>
    using of = type_at<Place, Tree>;
};
template <std::size_t Place, class Tree>
using type_in = typename tree_choice<Tree::levels>::template of<Place, typename Tree::tree>;

}  // namespace weft::plan
