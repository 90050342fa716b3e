// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/name_index.hpp>
#include <weft/graph/part.hpp>
#include <weft/text/search.hpp>

#include <cstddef>

namespace weft::graph {

/// How many rows the tables of a workflow's graph have, or may have at most.
struct graph_sizes {
    std::size_t parts = 0;
    std::size_t tasks = 0;
    std::size_t links = 0;         ///< mentions, names of `from` and `after`, and placeholders, of all tasks
    std::size_t placeholders = 0;  ///< of all tasks, distinct in each
    std::size_t names = 0;         ///< of parts, those of nested parameters in each workflow around them
};

constexpr graph_sizes sizes_of(list<part_row> parts, list<scope_row> scopes) {
    graph_sizes sizes;
    sizes.parts = sizes.names = parts.count;
    for (const part_row& part : parts) {
        if (part.kind == part_kind::param)
            for (index scope = part.scope; scope != 0; scope = scopes.rows[scope].parent) ++sizes.names;
        if (part.kind != part_kind::task) continue;
        ++sizes.tasks;
        sizes.links += part.mentions.count;
        sizes.placeholders += part.placeholders.count;
        if (!part.function) sizes.links += part.placeholders.count;  // each may be a function's value
        for (const modifier_row& modifier : part.modifiers)
            if (is_order(modifier.kind)) sizes.links += modifier.names.count;
    }
    return sizes;
}

/// A workflow whose names are numbers. Tasks, hosts and parameters count by themselves, as declared.
template <graph_sizes Sizes>
struct resolved_parts {
    index tasks = 0;
    index part_of[Sizes.tasks + 1]{};     ///< a task's part
    index first_link[Sizes.tasks + 1]{};  ///< in `link_target`
    index
        link_target[Sizes.links + 1]{};   ///< of each task: its mentions, names of `from` and `after`, values
    index link_scope[Sizes.links + 1]{};  ///< where it was looked for; `absent`: in no known workflow
    index host_of[Sizes.tasks + 1]{};     ///< `absent`: this machine, or an unknown host
    index first_placeholder[Sizes.tasks + 1]{};
    index placeholder_part[Sizes.placeholders +
                           1]{};         ///< the part of the parameter, or of the task whose value it is
    index number_of[Sizes.parts + 1]{};  ///< a part's place among the tasks, hosts or parameters there are
    index source_of[Sizes.parts + 1]{};  ///< of a parameter: the part that gives it its value
    bool duplicate[Sizes.parts + 1]{};   ///< has the name of an earlier part of its kind and workflow
    index hosts = 0;
    index parameters = 0;           ///< that have values of their own
    index settable_parameters = 0;  ///< of these, the first: a person gives them their values
    bool open = false;              ///< a reference names a workflow that may be beside this one
};

/// The workflow of that name as seen from `scope`: itself, one in it, or one beside or around it; of
/// "decade/winter" the one that is in that.
constexpr index scope_of(list<scope_row> scopes, const named& name, index scope) {
    const std::size_t slash = text::find_last(name.name.view(), '/');
    if (slash != text::nowhere) {
        const std::string_view path = name.name.view();
        const index outer = scope_of(scopes, name_of(path.substr(0, slash)), scope);
        const named own = name_of(path.substr(slash + 1));
        for (index inner = 1; inner < scopes.count; ++inner)
            if (outer != absent && scopes.rows[inner].parent == outer && scopes.rows[inner].name == own)
                return inner;
        return absent;
    }
    for (;; scope = scopes.rows[scope].parent) {
        if (scopes.rows[scope].name == name || scopes.rows[scope].declared == name) return scope;
        for (index inner = 1; inner < scopes.count; ++inner)
            if (scopes.rows[inner].parent == scope && scopes.rows[inner].name == name) return inner;
        if (scope == 0) return absent;
    }
}

/// Looks every name up. A name that is not found has no number (validation tells of it). Linear in all rows.
template <graph_sizes Sizes>
class resolver {
public:
    constexpr resolver(list<part_row> parts, list<scope_row> scopes)
        : parts_(parts.rows), scopes_(scopes), names_(parts.rows) {
        add_names(parts.count);
        pass_parameters_through(parts.count);
        for (index task = 0; task < found_.tasks; ++task) resolve_task(task);
        found_.first_link[found_.tasks] = links_;
        found_.first_placeholder[found_.tasks] = placeholders_;
    }

    constexpr const resolved_parts<Sizes>& found() const { return found_; }

private:
    constexpr void add_names(index count) {
        for (index at = 0; at < count; ++at) {
            const part_row& part = parts_[at];
            switch (part.kind) {
                case part_kind::task:
                    found_.number_of[at] = found_.tasks;
                    found_.part_of[found_.tasks++] = at;
                    found_.duplicate[at] = names_.add(at, part.scope) != at;
                    break;
                case part_kind::host: {
                    // A host is the same in all workflows.
                    const index first = names_.add(at, 0);
                    found_.duplicate[at] = first != at && parts_[first].scope == part.scope;
                    found_.number_of[at] = first == at ? found_.hosts++ : found_.number_of[first];
                    break;
                }
                case part_kind::param:
                    found_.duplicate[at] = names_.add(at, part.scope) != at;
            }
        }
    }

    /// A nested workflow's parameter that nothing binds is one of the outer workflow, which may declare it
    /// too.
    constexpr void pass_parameters_through(index count) {
        if (scopes_.count > 1)
            for (index at = 0; at < count; ++at)
                if (parts_[at].kind == part_kind::param && !parts_[at].bound &&
                    parts_[at].alias.name.size == 0)
                    for (index scope = parts_[at].scope; scope != 0;)
                        scope = scopes_.rows[scope].parent, names_.add(at, scope);
        for (const bool bound : {false, true}) {
            for (index at = 0; at < count; ++at) {
                if (parts_[at].kind != part_kind::param || parts_[at].bound != bound) continue;
                found_.source_of[at] = source_of(at);
                found_.number_of[at] = found_.source_of[at] == at ? found_.parameters++ : absent;
            }
            if (!bound) found_.settable_parameters = found_.parameters;
        }
    }

    /// The parameter that gives this one its value: itself, or one of an outer workflow.
    constexpr index source_of(index parameter) const {
        index at = parameter;
        bool own = true;  // not passed through from below
        for (index scope = parts_[at].scope; scope != 0 && !(own && parts_[at].bound);) {
            const named& alias = parts_[at].alias;
            scope = scopes_.rows[scope].parent;
            const index outer =
                names_.find(part_kind::param, own && alias.name.size != 0 ? alias : parts_[at].name, scope);
            if (outer == absent) return absent;
            at = outer;
            own = parts_[at].scope == scope;
        }
        return at;
    }

    constexpr void resolve_task(index task) {
        const part_row& part = parts_[found_.part_of[task]];
        found_.first_link[task] = links_;
        found_.first_placeholder[task] = placeholders_;
        found_.host_of[task] = absent;
        // By place: a loop over a list is two calls for each task.
        for (index at = 0; at < part.mentions.count; ++at) {
            const mention& reference = part.mentions.rows[at];
            index scope = part.scope;
            if (reference.workflow.name.size != 0) scope = scope_of(scopes_, reference.workflow, scope);
            if (scope == absent && scopes_.count == 1) found_.open = true;
            add_link(reference.task, scope);
        }
        if (part.placeholders.count == 0 && part.modifiers.count == 0) return;  // as of most tasks
        for (const placeholder& used : part.placeholders) {
            const index declared = names_.find(part_kind::param, used.name, part.scope);
            const index source = declared == absent ? absent : found_.source_of[declared];
            const index task_part = declared == absent && !part.function
                                        ? names_.find(part_kind::task, used.name, part.scope)
                                        : absent;
            // Where `with` names no parameter, validation tells of that, not of each use.
            found_.placeholder_part[placeholders_++] = task_part != absent ? task_part
                                                       : source == absent  ? declared
                                                                           : source;
        }
        for (const modifier_row& modifier : part.modifiers) {
            if (is_order(modifier.kind))
                for (const named& name : modifier.names) add_link_by_path(name, part.scope);
            if (modifier.kind == modifier_kind::on) {
                const index host = names_.find(part_kind::host, modifier.names.rows[0], 0);
                found_.host_of[task] = host == absent ? absent : found_.number_of[host];
            }
        }
        for (index at = found_.first_placeholder[task]; at < placeholders_; ++at) {
            const index source = found_.placeholder_part[at];
            if (source == absent || parts_[source].kind != part_kind::task) continue;
            found_.link_scope[links_] = part.scope;
            found_.link_target[links_++] = found_.number_of[source];
        }
    }

    /// "plot", or "winter/plot" of a nested workflow.
    constexpr void add_link_by_path(const named& path, index scope) {
        const std::string_view text = path.name.view();
        const std::size_t slash = text::find_last(text, '/');
        if (slash == text::nowhere) return add_link(path, scope);
        add_link(name_of(text.substr(slash + 1)), scope_of(scopes_, name_of(text.substr(0, slash)), scope));
    }

    constexpr void add_link(const named& name, index scope) {
        const index target = scope == absent ? absent : names_.find(part_kind::task, name, scope);
        found_.link_scope[links_] = scope;
        found_.link_target[links_++] = target == absent ? absent : found_.number_of[target];
    }

    const part_row* parts_;
    list<scope_row> scopes_;
    name_index<Sizes.names> names_;
    resolved_parts<Sizes> found_{};
    index links_ = 0;
    index placeholders_ = 0;
};

template <graph_sizes Sizes>
constexpr resolved_parts<Sizes> resolve(list<part_row> parts, list<scope_row> scopes) {
    return resolver<Sizes>(parts, scopes).found();
}

}  // namespace weft::graph
