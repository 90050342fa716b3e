// SPDX-License-Identifier: MIT
// plan/lower: turns a typed workflow into the view that the engine reads. It knows `graph`, `dsl`, `text` and
// the plan's tables; `plan/` is the only room where types become rows. All later code is ordinary code over
// spans.
#pragma once

#include <weft/plan/parameter_text.hpp>
#include <weft/plan/tables.hpp>
#include <weft/plan/workflow.hpp>

#include <boost/hana/unpack.hpp>

#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

namespace weft::plan {

/// A workflow's plan: views of its constant tables, and the rows made from its values. It refers to the
/// workflow, which must outlive it.
///
///     const plan::lowered plan(demo);
///     run_plan(plan.view(), options);
class lowered {
public:
    template <table_sizes Sizes, class Parameters, class OpenReference, class Functions>
    explicit lowered(const workflow_rows<Sizes, Parameters, OpenReference, Functions>& workflow) {
        OpenReference::refuse();
        const auto& tables = workflow.tables;
        for (std::size_t at = 0; at < Sizes.variables; ++at)
            environment_.push_back(
                {tables.variables[at], workflow.values[at].text, workflow.values[at].secret});
        boost::hana::unpack(workflow.parameters, [&](const auto&... declared) {
            [[maybe_unused]] std::size_t at = 0;
            (void)std::initializer_list<bool>{true, add_parameter(declared, tables.parameters[at++])...};
        });

        view_.name = tables.name;
        view_.tasks = std::span(tables.tasks).first(Sizes.tasks);
        view_.pieces = std::span(tables.pieces).first(Sizes.pieces);
        view_.references = std::span(tables.references).first(Sizes.references);
        view_.predecessors = std::span(tables.predecessors).first(Sizes.edges);
        view_.successors = std::span(tables.successors).first(Sizes.edges);
        view_.order = std::span(tables.order).first(Sizes.tasks);
        view_.taken = std::span(tables.taken).first(Sizes.taken);
        view_.paths = std::span(tables.paths).first(Sizes.paths);
        view_.hosts = std::span(tables.hosts).first(Sizes.hosts);
        view_.policies = std::span(workflow.policies).first(Sizes.tasks);
        view_.environment = environment_;
        view_.parameters = std::span(parameters_).first(tables.settable_parameters);
        view_.all_parameters = parameters_;
        view_.edges = Sizes.edges;
        view_.depth = tables.depth;
        view_.width = tables.width;
    }
    lowered(const lowered&) = delete;
    lowered& operator=(const lowered&) = delete;

    /// Valid while this object lives.
    const plan::view& view() const { return view_; }

private:
    /// Stores a parameter in the row of its number, unless another parameter gives its value.
    bool add_parameter(const auto& declared, index number) {
        if (number == none) return false;
        if (parameters_.size() <= number) parameters_.resize(number + 1);
        parameters_[number] = parameter_row(declared);
        return true;
    }
    template <class Parameter>
    static parameter parameter_row(const bound_parameter<Parameter>& bound) {
        return plan::parameter_row(bound.parameter);
    }
    static parameter parameter_row(const auto& declared) { return plan::parameter_row(declared); }

    std::vector<variable> environment_;
    std::vector<parameter> parameters_;
    plan::view view_;
};

}  // namespace weft::plan
