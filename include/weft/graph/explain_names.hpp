// SPDX-License-Identifier: MIT
// Messages about names of workflows, tasks, hosts and parameters, and suggestions of similar names.
#pragma once

#include <weft/graph/explain.hpp>

namespace weft::graph {

/// Appends "did you mean 'x'?" if a part of that kind and workflow has a name similar to `name`.
constexpr void explainer::suggest(part_kind kind, std::string_view name, index scope) {
    std::size_t least = name.size() / 3 + 2;
    for (const part_row& part : parts_)
        if (part.kind == kind && (part.scope == scope || kind == part_kind::host))
            consider(part.name.name.view(), name, least);
    propose();
}

constexpr void explainer::consider(std::string_view other, std::string_view name, std::size_t& least) {
    if (name.size() >= other.size() + least || other.size() >= name.size() + least) return;
    const std::size_t distance = text::edit_distance(name, other);
    if (distance >= least || distance >= other.size()) return;
    least = distance;
    nearest_ = other;
}

constexpr void explainer::propose() {
    if (nearest_.empty()) return;
    said_.suggestion = (said_ << "; did you mean '").put(nearest_);
    said_ << "'?";
}

constexpr std::string_view explainer::described(part_kind kind) {
    return kind == part_kind::task ? "task" : kind == part_kind::host ? "host" : "parameter";
}

constexpr std::string_view explainer::name_in(const part_row& part, modifier_kind kind, index item) {
    std::string_view found;
    part.names(kind, [&](const named& name) {
        if (item-- == 0) found = name.name.view();
    });
    return found;
}

constexpr std::string_view explainer::modifier_name(const part_row& part, index item) {
    for (const modifier_row& modifier : part.modifiers) {
        if (item < modifier.names.count) return modifier.names.rows[item].name.view();
        item -= modifier.names.count;
    }
    return {};
}

constexpr void explainer::invalid_name(std::string_view kind, std::string_view name) {
    said_ << "'" << culprit{name} << "' cannot be the name of a " << kind;
    name_workflow(" (workflow '") << (kind == "parameter"
                                          ? "'): use letters, digits and _, and do not begin with a digit"
                                          : "'): use letters, digits and _ . + -, and begin with a letter, a "
                                            "digit or _");
}

constexpr void explainer::workflow(mistake kind, const scope_row& scope) {
    const std::string_view name = scope.name.name.view();
    if (kind == mistake::invalid_name) return invalid_name("workflow", name);
    if (kind == mistake::undeclared_parameter) {
        name_workflow("workflow '") << "' binds '" << culprit{scope.unbound.view()}
                                    << "' of its nested workflow '" << name
                                    << "', which has no parameter of that name";
        return;
    }
    name_workflow("workflow '")
        << "' uses the name '" << culprit{name}
        << "' twice for its tasks and nested workflows: rename the nested workflow with as<\"...\">";
}

constexpr void explainer::of_part(mistake kind, const part_row& part, index item) {
    const std::string_view name = part.name.name.view();
    switch (kind) {
        case mistake::invalid_name:
            return invalid_name(described(part.kind), name);
        case mistake::unknown_host: {
            const std::string_view host = modifier_name(part, item);
            name_task(part) << "runs on host '" << culprit{host}
                            << "', which is not declared: declare host<\"" << host << "\">";
            return suggest(part_kind::host, host, part.scope);
        }
        case mistake::function_on_host:
            name_task(part) << "is a function, which runs in this process, not on host '"
                            << culprit{modifier_name(part, item)} << "': remove on<\""
                            << modifier_name(part, item) << "\">, or use a command";
            return;
        case mistake::undeclared_parameter:
            name_workflow("workflow '") << "' binds parameter '" << name << "' of its nested workflow '"
                                        << scopes_.rows[part.scope].name.name.view() << "' to '"
                                        << culprit{part.alias.name.view()} << "', which it does not declare";
            return suggest(part_kind::param, part.alias.name.view(), scopes_.rows[part.scope].parent);
        case mistake::parameter_types_differ:
            said_ << "parameter '" << culprit{name} << "' of nested workflow '"
                  << scopes_.rows[part.scope].name.name.view() << "' has another type than ";
            name_workflow("the same parameter of workflow '")
                << "': use one type for both, or bind it, with<\"" << name << "\">(value)";
            return;
        default:
            said_.workflow = (said_ << "workflow '").put(scopes_.rows[part.scope].name.name.view());
            said_ << "' declares " << described(part.kind) << " '" << culprit{name}
                  << "' twice: " << (part.kind == part_kind::host ? "declare it once" : "rename one");
    }
}

}  // namespace weft::graph
