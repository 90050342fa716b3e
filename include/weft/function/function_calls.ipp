// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/function/function_calls.hpp>
#include <weft/function/function_run.hpp>
#include <weft/pool/cursor.hpp>

#include <exception>
#include <stdexcept>
#include <utility>

namespace weft::function {

WEFT_INLINE function_caller::function_caller(const plan::view& what, const plan::function_view& tables,
                                             std::vector<const void*> callables,
                                             std::map<plan::index, writer> writers)
    : frame_(what, tables, std::move(callables)),
      functions_(tables),
      position_(what.tasks.size()),
      writers_(std::move(writers)) {
    for (pool::index position = 0; position < functions_.layout.tasks; ++position)
        position_[functions_.layout.task_at[position]] = position;
}

WEFT_INLINE void function_caller::call(plan::index task, const engine::function_call& with) {
    if (!with.files.empty()) frame_.give_files(task, {with.files.begin(), with.files.end()});
    context& self = frame_.context_for(task);
    self.give_scratch(with.scratch);
    self.give_stop_token(with.stop);
    self.give_log(with.log);
    pool::cursor one;
    const pool::index position = position_[task];
    one.limit.store(position + 1, __ATOMIC_RELAXED);
    try {
        functions_.blocks[position / plan::block_size](frame_, one, position);
    } catch (...) {
        throw std::runtime_error(text_of(std::current_exception()));
    }
}

WEFT_INLINE engine::shown_text function_caller::text(plan::index task) const {
    return writers_.at(task)(frame_.value(task));
}

}  // namespace weft::function
