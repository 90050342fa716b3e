// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/settings.hpp>
#include <weft/dsl/task.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/build.hpp>
#include <weft/graph/errors.hpp>
#include <weft/graph/explain.hpp>
#include <weft/graph/read_part.hpp>
#include <weft/graph/validate.hpp>
#include <weft/plan/constant_tables.hpp>
#include <weft/plan/function_graph.hpp>
#include <weft/plan/function_parts.hpp>
#include <weft/plan/parameter_parts.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace weft {

namespace plan {

/// A workflow's rows: its constant tables and the run-time values of its parts. Functions that take a
/// workflow take this base class: its type stays short for any number of parts, and long symbols are a large
/// part of the compile time of a big workflow. `OpenReference` rejects the use of a workflow that refers to a
/// neighbour which is missing.
template <table_sizes Sizes, class Parameters, class OpenReference, class Functions = no_functions>
struct workflow_rows {
    static constexpr table_sizes sizes = Sizes;
    using rows_type = workflow_rows;
    using functions_type = Functions;

    constant_tables<Sizes> tables;
    policy policies[Sizes.tasks + 1]{};
    dsl::variable_value values[Sizes.variables + 1]{};  ///< values of `env<>`
    Parameters parameters;  ///< a Hana tuple of the declared parameters, with those of nested workflows
    [[no_unique_address]] Functions functions;  ///< the tables of its functions, if there are any

    constexpr std::string_view name() const { return tables.name; }
    static constexpr std::size_t task_count() {
        OpenReference::refuse();
        return Sizes.tasks;
    }
    static constexpr std::size_t edge_count() {  ///< distinct task-to-task edges
        OpenReference::refuse();
        return Sizes.edges;
    }
    constexpr std::size_t depth() const {  ///< levels
        OpenReference::refuse();
        return tables.depth;
    }
    constexpr std::size_t width() const {  ///< tasks on the widest level
        OpenReference::refuse();
        return tables.width;
    }
};

/// Copies the policies and the environment values of a part's tasks to `policies` and `values`, and advances
/// both.
template <std::size_t Variables>
constexpr bool store(const dsl::task_values<Variables>* task, policy*& policies,
                     dsl::variable_value*& values) {
    const dsl::settings& from = task->settings;
    *policies++ = {from.attempts, from.retry_delay, from.time_limit,     from.cpus,
                   from.memory,   from.keep,        from.writable_inputs};
    if constexpr (Variables != 0)
        for (const dsl::variable_value& value : task->environment) *values++ = value;
    return true;
}
template <table_sizes Sizes, class Parameters, class OpenReference, class Functions>
constexpr bool store(const workflow_rows<Sizes, Parameters, OpenReference, Functions>* nested,
                     policy*& policies, dsl::variable_value*& values) {
    for (std::size_t task = 0; task < Sizes.tasks; ++task) *policies++ = nested->policies[task];
    for (std::size_t variable = 0; variable < Sizes.variables; ++variable)
        *values++ = nested->values[variable];
    return true;
}
template <text::fixed_string Name, text::fixed_string Declared, class Rows, class Parts, class Bindings>
constexpr bool store(const dsl::nested_type<Name, Declared, Rows, Parts, Bindings>* nested, policy*& policies,
                     dsl::variable_value*& values) {
    return store(&nested->rows, policies, values);
}
/// A part that is not a task.
constexpr bool store(const void*, policy*&, dsl::variable_value*&) {
    return true;
}

}  // namespace plan

namespace dsl {

// A step of lowering, evaluated separately. On Clang it is a static constant (standard in C++23, allowed
// there in C++20): otherwise Clang would evaluate it again with the surrounding function and count all steps
// against one limit. GCC keeps the value of any constant.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc++2b-extensions"
#define WEFT_STEP static constexpr
#else
#define WEFT_STEP constexpr
#endif
// A message as the template arguments of an error type. A macro, because function arguments are no constants.
#define WEFT_WORDS(said)                                                                                   \
    error::exactly<said.size>(said.view()),                                                                \
        decltype(error::word<error::in_workflow,                                                           \
                             error::exactly<said.workflow.size>(said.view(said.workflow))>() +             \
                 error::word<error::in_task, error::exactly<said.task.size>(said.view(said.task))>() +     \
                 error::word<error::about, error::exactly<said.culprit.size>(said.view(said.culprit))>() + \
                 error::word<error::did_you_mean,                                                          \
                             error::exactly<said.suggestion.size>(said.view(said.suggestion))>())
// The result of a step of `workflow`, or of the graph that it shares with the types of functions.
#define WEFT_GRAPH(step) source::choose(step, shared::step)
#define WEFT_REPORT(number)             \
    if constexpr (found.count > number) \
    static_assert(__is_empty(error::raised<found.all[number].what, WEFT_WORDS(texts.all[number])>))

}  // namespace dsl

/// A workflow: tasks, hosts, parameters and other workflows, in any order. The compiler builds its graph and
/// proves it sound; a mistake is a compile error that names the task, the workflow and the culprit.
///
///     constexpr auto flow = workflow<"hello">(task<"A">(sh<"hostname > f">),
///                                             task<"B">(sh<"cat workflow:///A/f">));
///     static_assert(flow.depth() == 2);
template <text::fixed_string Name, class... Parts>
static constexpr auto workflow(const Parts&... parts) {
    // Everything is local to this `static` function. The symbol of a variable template, a member or an
    // external function would contain the names of all parts, and GCC's time for such a symbol grows with the
    // square of its length: a third of the total at 2,000 tasks. Lists instead of folds, because Clang limits
    // a fold to 256 operands.
    static_assert(sizeof...(Parts) != 0, "weft: a workflow needs at least one task");
    constexpr graph::scope_row self{0, graph::name_of(Name.view()), graph::name_of(Name.view())};
    WEFT_STEP graph::part_sizes part_sizes = graph::sum({graph::part_reader<Parts>::sizes...});
    using source = plan::graph_source<part_sizes.functions>;
    using shared = typename source::template shared<Name, Parts...>;
    WEFT_STEP auto rows =
        graph::put_together<source::own(part_sizes.rows), source::own(part_sizes.scopes) + 1>(
            self, graph::part_reader<typename source::template own_part<Parts>>::read()...);
    WEFT_STEP graph::graph_sizes own_sizes = graph::sizes_of(rows.parts(), rows.workflows());
    WEFT_STEP graph::part_numbering<own_sizes> numbered(rows.parts(), rows.workflows());
    WEFT_STEP auto resolved = graph::resolve(rows.parts(), rows.workflows(), numbered);
    WEFT_STEP auto built = graph::in_order(graph::constant_edges(resolved));
    constexpr graph::graph_sizes graph_sizes = source::choose(own_sizes, shared::sizes);
    WEFT_STEP graph::problems found =
        graph::validator<graph_sizes>(WEFT_GRAPH(rows).parts(), WEFT_GRAPH(rows).workflows(),
                                      WEFT_GRAPH(resolved))
            .check(WEFT_GRAPH(built));
    if constexpr (found.count != 0) {
        WEFT_STEP graph::messages texts =
            graph::explain(found, WEFT_GRAPH(rows).parts(), WEFT_GRAPH(rows).workflows(),
                           WEFT_GRAPH(resolved), WEFT_GRAPH(built));
        WEFT_REPORT(0);
        WEFT_REPORT(1);
        WEFT_REPORT(2);
        WEFT_REPORT(3);
        WEFT_REPORT(4);
        WEFT_REPORT(5);
        WEFT_REPORT(6);
        WEFT_REPORT(7);
        WEFT_REPORT(8);
        WEFT_REPORT(9);
    }

    WEFT_STEP plan::table_sizes sizes = plan::count_rows(WEFT_GRAPH(rows).parts(), WEFT_GRAPH(built).edges(),
                                                         WEFT_GRAPH(resolved).hosts, found.count == 0);
    // Not for a workflow with stateful callables: it is rarely a constant, and run-time code that fills large
    // tables is expensive to optimize.
    constexpr bool in_place = plan::fills_in_place && !part_sizes.callables;
    constexpr bool sound = found.count == 0;  // no further errors follow from one mistake
    WEFT_STEP auto pieces =
        plan::pieces_of<sizes>(WEFT_GRAPH(rows).rows, WEFT_GRAPH(resolved), sound && !in_place);
    WEFT_STEP auto tables =
        plan::tables_of<sizes>(Name.view(), WEFT_GRAPH(rows).parts(), WEFT_GRAPH(resolved), WEFT_GRAPH(built),
                               pieces, sound && !in_place);
    WEFT_STEP auto places = plan::places_of_parameters < part_sizes.parameters
                                ? sizeof...(Parts)
                                : 1 > ({graph::part_reader<Parts>::sizes...});
    const auto parameters = plan::parameter_choice<places>::among(&parts...);
    WEFT_STEP graph::message open = graph::explainer(WEFT_GRAPH(rows).parts(), WEFT_GRAPH(rows).workflows())
                                        .explain_open(WEFT_GRAPH(resolved));
    using open_reference = error::open_reference<WEFT_WORDS(open)>;
    const auto functions =
        plan::function_choice < part_sizes.functions && sound > ::template among<Name, sizes>(&parts...);
    workflow_type<Name,
                  plan::workflow_rows<sizes, std::remove_const_t<decltype(parameters)>, open_reference,
                                      std::remove_const_t<decltype(functions)>>,
                  Parts...>
        result{{tables, {}, {}, parameters, functions}};
    if constexpr (sound && in_place) {
        plan::lower_pieces(WEFT_GRAPH(rows).rows, WEFT_GRAPH(resolved), result.tables);
        plan::lower_constants(Name.view(), WEFT_GRAPH(rows).parts(), WEFT_GRAPH(resolved), WEFT_GRAPH(built),
                              result.tables);
    }
    if constexpr (sound) {
        plan::policy* policies = result.policies;
        dsl::variable_value* values = result.values;
        const bool stored[] = {plan::store(&parts, policies, values)...};
        (void)stored;
    }
    return result;
}

#undef WEFT_GRAPH
#undef WEFT_REPORT
#undef WEFT_WORDS
#undef WEFT_STEP
#ifdef __clang__
#pragma clang diagnostic pop
#endif

}  // namespace weft
