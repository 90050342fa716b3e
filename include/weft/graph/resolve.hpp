// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/number_parts.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <string_view>

namespace weft::graph {

/// A workflow with its names resolved to numbers.
template <graph_sizes Sizes>
struct resolved_parts : part_numbers<Sizes> {
    index first_link[Sizes.tasks + 1]{};  ///< in `link_target`
    index
        link_target[Sizes.links + 1]{};   ///< of each task: its mentions, names of `from` and `after`, values
    index link_scope[Sizes.links + 1]{};  ///< the workflow of the target; `absent` if it is unknown
    index host_of[Sizes.tasks + 1]{};     ///< `absent`: this machine, or an unknown host
    index first_placeholder[Sizes.tasks + 1]{};
    index placeholder_part[Sizes.placeholders +
                           1]{};  ///< the part of the parameter, or of the task whose value it is
    bool open = false;            ///< a reference names a workflow that may be a sibling of this one
};

/// The workflow of that name as seen from `scope`: itself, a nested, sibling or enclosing one.
/// "decade/winter" is the workflow `winter` nested in `decade`.
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

/// Resolves every name in a task. A name that is not found has no number, and validation reports it. Linear
/// in all rows.
template <graph_sizes Sizes>
class resolver {
public:
    constexpr resolver(list<part_row> parts, list<scope_row> scopes, const part_numbering<Sizes>& numbered)
        : parts_(parts.rows), scopes_(scopes), names_(numbered.names()), found_{numbered.numbers()} {
        for (index task = 0; task < found_.tasks; ++task) resolve_task(task);
        found_.first_link[found_.tasks] = links_;
        found_.first_placeholder[found_.tasks] = placeholders_;
    }

    constexpr const resolved_parts<Sizes>& found() const { return found_; }

private:
    constexpr void resolve_task(index task) {
        const part_row& part = parts_[found_.part_of[task]];
        found_.first_link[task] = links_;
        found_.first_placeholder[task] = placeholders_;
        found_.host_of[task] = absent;
        // By index, because a loop over a list is two calls for each task.
        for (index at = 0; at < part.mentions.count; ++at) {
            const mention& reference = part.mentions.rows[at];
            if (reference.workflow.name.size == 0)
                add_link(reference.task, part.scope);
            else
                add_link_to(reference, part.scope);
        }
        if (part.placeholders.count == 0 && part.modifiers.count == 0) return;  // the usual case
        for (const placeholder& used : part.placeholders) {
            const index declared = names_.find(part_kind::param, used.name, part.scope);
            const index source = declared == absent ? absent : found_.source_of[declared];
            const index task_part = declared == absent && !part.function
                                        ? names_.find(part_kind::task, used.name, part.scope)
                                        : absent;
            // Validation reports an unknown parameter of `with` once, not for each use.
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

    constexpr void add_link_to(const mention& reference, index from) {
        const index scope = scope_of(scopes_, reference.workflow, from);
        if (scope == absent && scopes_.count == 1) found_.open = true;
        add_link(reference.task, scope);
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
    const name_index<Sizes.names>& names_;
    resolved_parts<Sizes> found_;
    index links_ = 0;
    index placeholders_ = 0;
};

template <graph_sizes Sizes>
constexpr resolved_parts<Sizes> resolve(list<part_row> parts, list<scope_row> scopes,
                                        const part_numbering<Sizes>& numbered) {
    return resolver<Sizes>(parts, scopes, numbered).found();
}
template <graph_sizes Sizes>
constexpr resolved_parts<Sizes> resolve(list<part_row> parts, list<scope_row> scopes) {
    return resolve(parts, scopes, part_numbering<Sizes>(parts, scopes));
}

}  // namespace weft::graph
