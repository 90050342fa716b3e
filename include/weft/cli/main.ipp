// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/command_line.hpp>
#include <weft/cli/main.hpp>
#include <weft/cli/past_runs.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/os/inherited_state.hpp>
#include <weft/show/graph_text.hpp>
#include <weft/show/log.hpp>
#include <weft/show/plan_text.hpp>
#include <weft/text/shell_quote.hpp>

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace weft::cli {

namespace detail {

WEFT_INLINE int print(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!whole || std::fflush(stdout) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot write to stdout");
    return 0;
}

/// The message for an unhandled exception; prepared in advance, since memory may be exhausted then.
WEFT_INLINE std::string& fatal_message() {
    static std::string words;
    return words;
}

[[noreturn]] WEFT_INLINE void leave_at_once() noexcept {
    const std::string& words = fatal_message();
    (void)!::write(STDERR_FILENO, words.data(), words.size());
    if (const std::exception_ptr error = std::current_exception()) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& known) {
            (void)!::write(STDERR_FILENO, known.what(), std::strlen(known.what()));
        } catch (...) {
            (void)!::write(STDERR_FILENO, "an unknown exception", 20);
        }
    }
    (void)!::write(STDERR_FILENO, "\n", 1);
    ::_exit(1);
}

/// While this object lives, an unhandled exception (of a helper thread without memory) ends the program with
/// a message and exit code 1 instead of a core dump.
class with_fatal_message {
public:
    explicit with_fatal_message(const std::string& program) {
        fatal_message() =
            program + ": unexpected error, the run stops here; resume it with `" + program + " resume`: ";
        before_ = std::set_terminate(leave_at_once);
    }
    with_fatal_message(const with_fatal_message&) = delete;
    with_fatal_message& operator=(const with_fatal_message&) = delete;
    ~with_fatal_message() { std::set_terminate(before_); }

private:
    std::terminate_handler before_;
};

/// What to type after a run that did not complete.
WEFT_INLINE std::string advice(const report& result, const request& wanted, const options& options) {
    std::string state_option;
    if (wanted.given.contains("--state"))
        state_option = " --state " + show::printable(text::quote(options.state));
    std::string line = "to resume: " + wanted.program + " resume " + result.run + state_option;
    for (const task_report& row : result.tasks)
        if (row.status == task_state::failed && row.scratch_kept)
            return line + "; to debug " + row.name + ": " + wanted.program + " rerun " + row.name +
                   " --shell" + state_option;
    return line;
}

WEFT_INLINE int run(const plan::view& plan, const request& wanted, const options& options,
                    engine::functions* calls) {
    const os::without_signal guard(SIGPIPE);  // `./demo 2>&1 | head` must not leave running tasks behind
    show::log_options shown = wanted.log;
    shown.explain = options.explain;
    show::log log(shown);
    engine::observer* const listeners[] = {&log};
    const report result = run_plan(plan, options, listeners, calls);
    if (!result.ok() && !options.state.empty()) log.advise(advice(result, wanted, options));
    if (result.cancelled) return 130;
    return result.ok() ? 0 : 1;
}

WEFT_INLINE int carry_out(const plan::view& plan, const request& wanted, engine::functions* calls) {
    switch (wanted.what) {
        case command::plan:
            return print(show::plan_text(plan, wanted.options));
        case command::graph:
            return print(wanted.graph_format == "dot" ? show::dot(plan) : show::mermaid(plan));
        case command::runs:
            return print(runs_text(plan, wanted));
        case command::status:
            return print(status_text(plan, wanted));
        case command::logs:
            return print_logs(plan, wanted);
        case command::rerun:
            return rerun(plan, wanted);
        case command::cancel:
            return cancel(plan, wanted);
        case command::clean:
            return clean(plan, wanted);
        case command::resume:
            return run(plan, wanted, resumed(plan, wanted), calls);
        case command::run:
            break;
    }
    return run(plan, wanted, wanted.options, calls);
}

}  // namespace detail

WEFT_INLINE int main(const plan::view& plan, int argc, const char* const* argv, engine::functions* calls) {
    os::settle_inherited_state();
    const std::string program = program_name(argc, argv);
    const detail::with_fatal_message guard(program);
    const os::without_signal no_end(SIGXFSZ);  // beyond `ulimit -f` a write fails instead
    const auto complain = [&](const std::exception& error) {
        const std::string line = program + ": " + show::printable(error.what()) + '\n';
        std::fputs(line.c_str(), stderr);
    };
    try {
        const reading read = read_command_line(plan, argc, argv);
        return read.wanted ? detail::carry_out(plan, *read.wanted, calls) : read.exit_code;
    } catch (const options_error& error) {
        complain(error);
        return 2;
    } catch (const std::bad_alloc&) {
        complain(std::runtime_error("out of memory: raise `ulimit -v` or the memory limit of the container"));
        return 1;
    } catch (const std::exception& error) {
        complain(error);
        return 1;
    }
}

}  // namespace weft::cli
