// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>
#include <weft/graph/part.hpp>
#include <weft/graph/problem.hpp>
#include <weft/text/glob.hpp>
#include <weft/text/name.hpp>

#include <span>
#include <string_view>

namespace weft::graph {

/// Looks for the first mistake of a declared workflow. Plain code over rows: the same in a constant
/// evaluation, in a test at run time, and for graphs that are made at run time.
class validator {
public:
    constexpr validator(std::string_view workflow, std::span<const part_row> parts)
        : workflow_(workflow), parts_(parts) {}

    template <std::size_t Parts, std::size_t Links>
    constexpr problem check(const dependency_graph<Parts, Links>& graph) {
        if (!text::is_name(workflow_)) return tell_invalid("a workflow", workflow_);
        check_names<Parts>();
        for (index task = 0; task < graph.tasks && !found_; ++task) {
            part_ = &parts_[graph.part_of[task]];
            check_command();
            check_links(graph, task);
            check_placeholders();
            check_hosts();
            check_paths();
        }
        if (!found_ && graph.ordered != graph.tasks) tell_cycle(graph);
        return found_;
    }

private:
    constexpr message& tell(mistake what) {
        found_.what = what;
        return found_.text;
    }
    constexpr message& tell_of_task(mistake what) {
        return tell(what) << "task '" << part_->name.name << "' of workflow '" << workflow_ << "' ";
    }

    constexpr problem tell_invalid(std::string_view what, std::string_view name) {
        tell(mistake::invalid_name)
            << "'" << name << "' cannot be the name of " << what << " (workflow '" << workflow_
            << "'): letters, digits and _ . + - are allowed, the first is a letter, a digit "
               "or _";
        return found_;
    }

    /// ", did you mean 'x'?" when a part of that kind has a name that is close to `name`.
    constexpr void suggest(part_kind kind, std::string_view name) {
        std::string_view best;
        std::size_t least = name.size() / 3 + 2;
        for (const part_row& part : parts_) {
            if (part.kind != kind) continue;
            const std::size_t distance = text::edit_distance(name, part.name.name);
            if (distance >= least || distance >= part.name.name.size()) continue;
            least = distance;
            best = part.name.name;
        }
        if (!best.empty()) found_.text << "; did you mean '" << best << "'?";
    }

    template <std::size_t Parts>
    constexpr void check_names() {
        name_index<Parts> seen[3];
        for (index at = 0; at < parts_.size() && !found_; ++at) {
            const part_row& part = parts_[at];
            constexpr std::string_view kinds[] = {"a task", "a host", "a parameter"};
            constexpr mistake twice[] = {mistake::duplicate_task, mistake::duplicate_host,
                                         mistake::duplicate_parameter};
            const auto kind = static_cast<std::size_t>(part.kind);
            const bool valid = part.kind == part_kind::param ? text::is_identifier(part.name.name)
                                                             : text::is_name(part.name.name);
            if (!valid)
                tell_invalid(kinds[kind], part.name.name);
            else if (!seen[kind].add(part.name, at))
                tell(twice[kind]) << "workflow '" << workflow_ << "' declares '" << part.name.name
                                  << "' twice as " << kinds[kind] << ": give one of them another name";
        }
    }

    constexpr void check_command() {
        using enum text::command_error;
        if (found_) return;
        const std::string_view culprit = part_->culprit;
        switch (part_->error) {
            case none:
                return;
            case empty:
                tell_of_task(mistake::empty_command) << "has an empty command: say what it shall run";
                return;
            case unbalanced_quotes:
                tell_of_task(mistake::unbalanced_quotes)
                    << "has a command with a quote or parenthesis that is not closed: " << culprit;
                return;
            case malformed_reference:
            case empty_path:
                tell_of_task(mistake::malformed_reference)
                    << "has the malformed reference '" << culprit << "': write workflow:///task/path";
                return;
            case absolute_path:
                tell_of_task(mistake::absolute_path) << "has the reference '" << culprit
                                                     << "' with an absolute path: paths are relative to the "
                                                     << "directory of the task that left the file";
                return;
            case path_leaves:
                tell_of_task(mistake::path_leaves_directory)
                    << "has the reference '" << culprit
                    << "', which leaves the directory of its task by '..'";
                return;
            case shell_variable_in_path:
                tell_of_task(mistake::malformed_reference)
                    << "has the reference '" << culprit
                    << "' with a shell variable in it: files are staged before "
                    << "the shell runs; name the file, use a glob, or write %24 for a dollar sign";
                return;
            case in_here_document:
                tell_of_task(mistake::value_in_here_document)
                    << "has '" << culprit << "' in a here-document, where it cannot be quoted: put it into a "
                    << "variable before the document and use that";
                return;
        }
    }

    template <std::size_t Parts, std::size_t Links>
    constexpr void check_links(const dependency_graph<Parts, Links>& graph, index task) {
        index at = graph.first_link[task];
        for (const mention& reference : part_->mentions) {
            const index target = graph.link_target[at++];
            if (found_) return;
            if (!reference.workflow.empty() && reference.workflow != workflow_)
                tell_of_task(mistake::unknown_workflow)
                    << "refers to '" << reference.whole << "': there is no workflow '" << reference.workflow
                    << "' in it; write workflow:///task/path for a task of its own";
            else if (target == graph::absent)
                tell_unknown(reference.task.name);
            else if (target == task)
                tell_of_task(mistake::self_reference) << "refers to itself: '" << reference.whole
                                                      << "'; its own files are in its working directory";
            else
                check_promise(parts_[graph.part_of[target]], reference.path, reference.whole);
        }
        part_->names(modifier_kind::after, [&](const named& name) {
            const index target = graph.link_target[at++];
            if (found_) return;
            if (target == graph::absent)
                tell_unknown(name.name);
            else if (target == task)
                tell_of_task(mistake::self_reference) << "shall run after itself";
        });
    }

    constexpr void tell_unknown(std::string_view name) {
        tell_of_task(mistake::unknown_task) << "refers to '" << name << "', and there is no such task";
        suggest(part_kind::task, name);
    }

    /// A reference names something that the producer promises, something below that, or a directory that
    /// holds it.
    static constexpr bool covers(std::string_view promised, std::string_view path) {
        const auto is_below = [](std::string_view inner, std::string_view outer) {
            return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
        };
        return promised == path || is_below(path, promised) || is_below(promised, path) ||
               text::matches_glob(promised, path) || text::matches_glob(path, promised);
    }

    constexpr void check_promise(const part_row& producer, std::string_view path, std::string_view culprit) {
        bool promises = false;
        bool covered = false;
        // What the engine itself leaves needs no promise.
        if (path.starts_with(".weft/")) return;
        producer.names(modifier_kind::outputs, [&](const named& promised) {
            promises = true;
            covered = covered || covers(promised.name, path);
        });
        if (!promises || covered) return;
        message& text = tell_of_task(mistake::output_not_promised)
                        << "refers to '" << culprit << "', but task '" << producer.name.name
                        << "' promises only";
        std::string_view before = " ";
        producer.names(modifier_kind::outputs, [&](const named& promised) {
            text << before << "'" << promised.name << "'";
            before = ", ";
        });
    }

    constexpr void check_placeholders() {
        for (const named& name : part_->placeholders) {
            if (found_) return;
            bool declared = false;
            for (const part_row& part : parts_)
                declared = declared || (part.kind == part_kind::param && part.name == name);
            if (declared) continue;
            tell_of_task(mistake::undeclared_parameter)
                << "uses {{" << name.name
                << "}}, and there is no parameter of that name: declare it with param<\"" << name.name
                << "\", type>";
            suggest(part_kind::param, name.name);
        }
    }

    constexpr void check_hosts() {
        part_->names(modifier_kind::on, [&](const named& name) {
            if (found_) return;
            bool declared = false;
            for (const part_row& part : parts_)
                declared = declared || (part.kind == part_kind::host && part.name == name);
            if (declared) return;
            tell_of_task(mistake::unknown_host)
                << "runs on '" << name.name << "', which is not declared: declare it with host<\""
                << name.name << "\">";
            suggest(part_kind::host, name.name);
        });
    }

    /// Promised and collected paths stay in the task's directory; variables have names that a shell can have.
    constexpr void check_paths() {
        const auto check = [&](const named& path) {
            if (found_) return;
            switch (text::check_path(path.name)) {
                case text::command_error::none:
                    return;
                case text::command_error::path_leaves:
                    tell_of_task(mistake::path_leaves_directory)
                        << "names the output '" << path.name << "', which leaves its directory by '..'";
                    return;
                default:
                    tell_of_task(mistake::absolute_path) << "names the output '" << path.name
                                                         << "': outputs are paths relative to its directory";
            }
        };
        part_->names(modifier_kind::outputs, check);
        part_->names(modifier_kind::collect, check);
        part_->names(modifier_kind::collect, [&](const named& path) {
            if (!found_) check_promise(*part_, path.name, path.name);
        });
        part_->names(modifier_kind::env, [&](const named& name) {
            if (!found_ && !text::is_identifier(name.name))
                tell_invalid("an environment variable", name.name);
        });
    }

    /// Walks back over predecessors that are in no order until a task comes again: that is the cycle.
    template <std::size_t Parts, std::size_t Links>
    constexpr void tell_cycle(const dependency_graph<Parts, Links>& graph) {
        // A task that Kahn's algorithm did not reach has a predecessor that it did not reach either.
        std::array<bool, Parts> reached{};
        std::array<index, Parts> unmet{};
        std::array<index, Parts> queue{};
        std::size_t tail = 0;
        for (index task = 0; task < graph.tasks; ++task) {
            unmet[task] = graph.first_predecessor[task + 1] - graph.first_predecessor[task];
            if (unmet[task] == 0) queue[tail++] = task;
        }
        for (std::size_t head = 0; head < tail; ++head) {
            reached[queue[head]] = true;
            for (index at = graph.first_successor[queue[head]]; at < graph.first_successor[queue[head] + 1];
                 ++at)
                if (--unmet[graph.successors[at]] == 0) queue[tail++] = graph.successors[at];
        }
        index task = 0;
        while (reached[task]) ++task;
        std::array<index, Parts> seen_at{};
        std::array<index, Parts> path{};
        std::size_t length = 0;
        while (seen_at[task] == 0) {
            path[length++] = task;
            seen_at[task] = static_cast<index>(length);
            index at = graph.first_predecessor[task];
            while (reached[graph.predecessors[at]]) ++at;
            task = graph.predecessors[at];
        }
        // The path was found against the edges: from its end back to where the cycle closed it reads along
        // them.
        message& text = tell(mistake::cycle)
                        << "tasks of workflow '" << workflow_ << "' wait for each other: ";
        for (std::size_t at = length; at >= seen_at[task]; --at)
            text << parts_[graph.part_of[path[at - 1]]].name.name << " -> ";
        text << parts_[graph.part_of[path[length - 1]]].name.name << ": remove one of these references";
    }

    std::string_view workflow_;
    std::span<const part_row> parts_;
    const part_row* part_ = nullptr;
    problem found_;
};

}  // namespace weft::graph
