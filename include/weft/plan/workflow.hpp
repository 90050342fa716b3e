// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/param.hpp>
#include <weft/dsl/settings.hpp>
#include <weft/dsl/task.hpp>
#include <weft/graph/build.hpp>
#include <weft/graph/errors.hpp>
#include <weft/graph/read_part.hpp>
#include <weft/graph/validate.hpp>
#include <weft/plan/constant_tables.hpp>
#include <weft/plan/parameter_parts.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace weft {

namespace plan {

/// A workflow's rows: its constant tables, and what its parts hold as values. Functions that take a workflow
/// take this base of it, whose type stays short however many parts there are: names of symbols are a large
/// part of what a big workflow costs the compiler.
template <table_sizes Sizes, class Parameters>
struct workflow_rows {
    static constexpr table_sizes sizes = Sizes;

    constant_tables<Sizes> tables;
    policy policies[Sizes.tasks + 1]{};
    std::string_view values[Sizes.variables + 1]{};  ///< of the environments' variables
    Parameters parameters;  ///< a Hana tuple of the declared parameters

    constexpr std::string_view name() const { return tables.name; }
    static constexpr std::size_t task_count() { return Sizes.tasks; }
    static constexpr std::size_t edge_count() { return Sizes.edges; }  ///< distinct task-to-task edges
    constexpr std::size_t depth() const { return tables.depth; }       ///< levels
    constexpr std::size_t width() const { return tables.width; }       ///< tasks on the widest level
};

/// Copies a task's values to `row` and the values of its environment to `values`, and moves both on.
template <std::size_t Variables>
constexpr bool store(const dsl::task_values<Variables>* task, policy*& row, std::string_view*& values) {
    const dsl::settings& from = task->settings;
    *row++ = {from.attempts, from.retry_delay, from.time_limit, from.cpus, from.memory, from.keep};
    if constexpr (Variables != 0)
        for (const std::string_view value : task->environment) *values++ = value;
    return true;
}
/// A part that is no task.
constexpr bool store(const void*, policy*&, std::string_view*&) {
    return true;
}

constexpr bool all(std::initializer_list<bool> conditions) {
    for (const bool holds : conditions)
        if (!holds) return false;
    return true;
}

}  // namespace plan

/// A declared workflow whose graph has been proved sound. What names something is in the type; the rows hold
/// the plan that it was lowered to.
template <class Rows, class... Parts>
struct workflow_type : Rows {};

namespace dsl {

// A step of lowering: a constant evaluation of its own. Clang would carry it out once more when it evaluates
// the function around it, and count all steps against one limit, but for a static constant, which it allows
// there in C++20 (C++23 does); GCC keeps the value of any constant.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc++2b-extensions"
#define WEFT_STEP static constexpr
#else
#define WEFT_STEP constexpr
#endif

template <text::fixed_string Name>
struct workflow_maker {
    // Everything is local to this one function: a variable template or a member function over all the parts
    // would have all their names in its symbol, and GCC's time for that grows with their square. Lists instead
    // of folds: Clang ends a fold at 256 operands.
    template <class... Parts>
    constexpr auto operator()(const Parts&... parts) const {
        static_assert(plan::all({graph::part<Parts>...}),
                      "weft: a workflow is made of tasks, hosts and parameters");
        WEFT_STEP graph::part_row rows[] = {graph::part_reader<Parts>::read()...};
        WEFT_STEP graph::graph_sizes graph_sizes = graph::sizes_of(rows);
        WEFT_STEP auto resolved = graph::resolve<graph_sizes>(rows);
        WEFT_STEP auto graph = graph::build(resolved);
        WEFT_STEP graph::problem found = graph::validator(Name.view(), rows).check(resolved, graph);
        if constexpr (found.what != graph::mistake::none)
            error::raise<found.what, error::exactly<found.text.size>(found.text.view())>(
                error::word<error::in_workflow, error::exactly<found.workflow.size()>(found.workflow)>() +
                error::word<error::in_task, error::exactly<found.task.size()>(found.task)>() +
                error::word<error::about, error::exactly<found.text.culprit_size>(found.culprit())>() +
                error::word<error::did_you_mean, error::exactly<found.suggestion.size()>(found.suggestion)>());

        WEFT_STEP plan::table_sizes sizes = plan::count_rows(rows, graph.edges());
        WEFT_STEP auto tables = plan::lower_constants<sizes>(Name.view(), rows, resolved, graph);
        WEFT_STEP auto places = plan::parameter_places<sizeof...(Parts) - graph_sizes.tasks>(rows);
        const auto parameters = plan::parameter_choice<places>::among(&parts...);
        workflow_type<plan::workflow_rows<sizes, std::remove_const_t<decltype(parameters)>>, Parts...> workflow{
            {tables, {}, {}, parameters}};
        plan::policy* policies = workflow.policies;
        std::string_view* values = workflow.values;
        const bool stored[] = {plan::store(&parts, policies, values)...};
        (void)stored;
        return workflow;
    }
};

#ifdef __clang__
#pragma clang diagnostic pop
#endif
#undef WEFT_STEP

}  // namespace dsl

/// A workflow: tasks, hosts and parameters, in any order. Its graph is built and proved by the compiler; what
/// is wrong with it is a compile error that names the task, the workflow and the culprit.
///
///     constexpr auto flow = workflow<"hello">(task<"A">(sh<"hostname > f">),
///                                             task<"B">(sh<"cat workflow:///A/f">));
///     static_assert(flow.depth() == 2);
template <text::fixed_string Name>
inline constexpr dsl::workflow_maker<Name> workflow{};

}  // namespace weft
