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

/// What is said of an exception that nobody could handle: made beforehand, there may be no memory then.
WEFT_INLINE std::string& last_words() {
    static std::string words;
    return words;
}

[[noreturn]] WEFT_INLINE void leave_at_once() noexcept {
    const std::string& words = last_words();
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

/// While this lives, an exception that nobody can handle (of a helper thread that gets no memory) ends the
/// program with a line and exit code 1, and not with a core dump.
class with_last_words {
public:
    explicit with_last_words(const std::string& program) {
        last_words() = program + ": the run breaks off here, as if it had been killed; to go on: " + program +
                       " resume: ";
        before_ = std::set_terminate(leave_at_once);
    }
    with_last_words(const with_last_words&) = delete;
    with_last_words& operator=(const with_last_words&) = delete;
    ~with_last_words() { std::set_terminate(before_); }

private:
    std::terminate_handler before_;
};

/// What to type after a run that did not come to its end.
WEFT_INLINE std::string advice(const report& result, const request& wanted, const options& how) {
    std::string told;
    if (wanted.given.contains("--state")) told = " --state " + show::printable(text::quote(how.state));
    std::string line = "to go on: " + wanted.program + " resume " + result.run + told;
    for (const task_report& row : result.tasks)
        if (row.status == task_state::failed && row.scratch_kept)
            return line + "; to try " + row.name + " by hand: " + wanted.program + " rerun " + row.name +
                   " --shell" + told;
    return line;
}

WEFT_INLINE int run(const plan::view& what, const request& wanted, const options& how,
                    engine::functions* calls) {
    const os::without_signal guard(SIGPIPE);  // `./demo 2>&1 | head` must not leave its tasks behind
    show::log_options shown = wanted.log;
    shown.explain = how.explain;
    show::log log(shown);
    engine::observer* const listeners[] = {&log};
    const report result = run_plan(what, how, listeners, calls);
    if (!result.ok() && !how.state.empty()) log.advise(advice(result, wanted, how));
    if (result.cancelled) return 130;
    return result.ok() ? 0 : 1;
}

WEFT_INLINE int carry_out(const plan::view& what, const request& wanted, engine::functions* calls) {
    switch (wanted.what) {
        case command::plan:
            return print(show::plan_text(what, wanted.how));
        case command::graph:
            return print(wanted.graph_format == "dot" ? show::dot(what) : show::mermaid(what));
        case command::runs:
            return print(runs_text(what, wanted));
        case command::status:
            return print(status_text(what, wanted));
        case command::logs:
            return print_logs(what, wanted);
        case command::rerun:
            return rerun(what, wanted);
        case command::cancel:
            return cancel(what, wanted);
        case command::clean:
            return clean(what, wanted);
        case command::resume:
            return run(what, wanted, resumed(what, wanted), calls);
        case command::run:
            break;
    }
    return run(what, wanted, wanted.how, calls);
}

}  // namespace detail

WEFT_INLINE int main(const plan::view& what, int argc, const char* const* argv, engine::functions* calls) {
    os::settle_inherited_state();
    const std::string program = program_name(argc, argv);
    const detail::with_last_words guard(program);
    const os::without_signal no_end(SIGXFSZ);  // beyond `ulimit -f` a write fails
    const auto complain = [&](const std::exception& error) {
        const std::string line = program + ": " + show::printable(error.what()) + '\n';
        std::fputs(line.c_str(), stderr);
    };
    try {
        const reading read = read_command_line(what, argc, argv);
        return read.wanted ? detail::carry_out(what, *read.wanted, calls) : read.exit_code;
    } catch (const options_error& error) {
        complain(error);
        return 2;
    } catch (const std::bad_alloc&) {
        complain(
            std::runtime_error("there is no memory left: see `ulimit -v`, or the limit of the container"));
        return 1;
    } catch (const std::exception& error) {
        complain(error);
        return 1;
    }
}

}  // namespace weft::cli
