// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/command_line.hpp>
#include <weft/cli/main.hpp>
#include <weft/cli/past_runs.hpp>
#include <weft/launch.hpp>
#include <weft/show/graph_text.hpp>
#include <weft/show/log.hpp>
#include <weft/show/plan_text.hpp>
#include <weft/text/shell_quote.hpp>

#include <fcntl.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
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

/// As long as it lives, writing where nobody reads fails, and does not end the process: `./demo 2>&1 | head`
/// must not leave its tasks behind.
class without_sigpipe {
public:
    without_sigpipe() {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGPIPE, &ignore, &before_);
    }
    without_sigpipe(const without_sigpipe&) = delete;
    without_sigpipe& operator=(const without_sigpipe&) = delete;
    ~without_sigpipe() { ::sigaction(SIGPIPE, &before_, nullptr); }

private:
    struct sigaction before_ {};
};

/// A program that was started without stdin, stdout or stderr would get the next file that it opens in their
/// place, and then write its log into that. What is missing becomes a descriptor that nothing can be done
/// with.
WEFT_INLINE void occupy_standard_descriptors() {
    for (const int number : {0, 1, 2})
        if (::fcntl(number, F_GETFD) < 0) (void)!::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
}

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
    const without_sigpipe guard;
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
    detail::occupy_standard_descriptors();
    const auto complain = [&](const std::exception& error) {
        const std::string line = program_name(argc, argv) + ": " + show::printable(error.what()) + '\n';
        std::fputs(line.c_str(), stderr);
    };
    try {
        const reading read = read_command_line(what, argc, argv);
        return read.wanted ? detail::carry_out(what, *read.wanted, calls) : read.exit_code;
    } catch (const options_error& error) {
        complain(error);
        return 2;
    } catch (const std::exception& error) {
        complain(error);
        return 1;
    }
}

}  // namespace weft::cli
