// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/function/call_frame.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

namespace weft {

WEFT_INLINE void dsl::refuse_as_one_file(std::size_t found) {
    throw std::length_error("weft: " + std::to_string(found) +
                            " files match, but the function takes one: take a "
                            "std::vector<std::filesystem::path>");
}

WEFT_INLINE void context::log(std::string_view message) const {
    if (log_) return log_(task_, message);
    std::string line(task_);
    line.append(": ").append(message) += '\n';
    std::fwrite(line.data(), 1, line.size(),
                stderr);  // in one write, so that lines of several threads do not mix
}

namespace function {

WEFT_INLINE call_frame::call_frame(const plan::view& what, const plan::function_view& functions,
                                   std::vector<const void*> callables_of_tasks)
    : functions_(functions),
      tasks_(what.tasks.size()),
      callables_(std::move(callables_of_tasks)),
      store_(functions.size, functions.alignment),
      alive_(std::make_unique<bool[]>(tasks_)),
      given_(what.references.empty() ? 0 : tasks_) {
    contexts_.reserve(tasks_);
    for (std::size_t task = 0; task < tasks_; ++task) {
        any_to_destroy_ = any_to_destroy_ || functions_.slots[task].destroy != nullptr;
        contexts_.emplace_back(what.tasks[task].name, stop_);
    }
    values = store_.bytes();
    alive = alive_.get();
    callables = callables_.data();
    context_of = [](plan::function_frame& frame, pool::index task) -> context& {
        return static_cast<call_frame&>(frame).contexts_[task];
    };
    file_of = [](const plan::function_frame& frame, std::size_t task, std::size_t place) {
        const auto& paths = static_cast<const call_frame&>(frame).given_[task].paths[place];
        return staged_file(paths.data(), paths.size());
    };
}

WEFT_INLINE call_frame::~call_frame() {
    destroy_values();
    destroy_parameters();
}

WEFT_INLINE void* call_frame::parameter(pool::index number) const {
    for (std::size_t at = 0; at < functions_.parameter_count; ++at)
        if (functions_.parameters[at].number == number)
            return store_.bytes() + functions_.parameters[at].offset;
    return nullptr;
}

WEFT_INLINE void call_frame::own_parameter(void* value, void (*destroy)(void*)) {
    parameters_.push_back({value, destroy});
}

WEFT_INLINE void call_frame::destroy_parameters() {
    for (const owned& each : parameters_) each.destroy(each.value);
    parameters_.clear();
}

WEFT_INLINE void call_frame::destroy_values() {
    if (!any_to_destroy_) return;
    for (std::size_t task = 0; task < tasks_; ++task) {
        if (!std::exchange(alive_[task], false)) continue;
        const plan::function_slot& slot = functions_.slots[task];
        slot.destroy(store_.bytes() + slot.offset);
    }
}

WEFT_INLINE void call_frame::give_log(const message_listener& log) {
    for (context& each : contexts_) each.give_log(log);
}

WEFT_INLINE void call_frame::give_files(std::size_t task, std::vector<std::vector<std::string>> paths) {
    given_files& given = given_[task];
    given.texts = std::move(paths);
    given.paths.clear();
    for (const auto& texts : given.texts) given.paths.emplace_back(texts.begin(), texts.end());
}

}  // namespace function

}  // namespace weft
