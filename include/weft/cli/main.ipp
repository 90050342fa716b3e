// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/command_line.hpp>
#include <weft/cli/main.hpp>
#include <weft/launch.hpp>
#include <weft/show/graph_text.hpp>
#include <weft/show/log.hpp>
#include <weft/show/plan_text.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace weft::cli {

namespace detail {

WEFT_INLINE int print(const std::string& text) {
    const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return whole && std::fflush(stdout) == 0 ? 0 : 1;
}

WEFT_INLINE int run(const plan::view& what, const request& wanted) {
    show::log log(wanted.log);
    engine::observer* const listeners[] = {&log};
    const report result = run_plan(what, wanted.how, listeners);
    if (result.cancelled) return 130;
    return result.ok() ? 0 : 1;
}

}  // namespace detail

WEFT_INLINE int main(const plan::view& what, int argc, const char* const* argv) {
    const reading read = read_command_line(what, argc, argv);
    if (!read.wanted) return read.exit_code;
    const request& wanted = *read.wanted;
    try {
        switch (wanted.what) {
            case command::run:
                return detail::run(what, wanted);
            case command::plan:
                return detail::print(show::plan_text(what, wanted.how));
            case command::graph:
                return detail::print(wanted.graph_format == "dot" ? show::dot(what) : show::mermaid(what));
        }
    } catch (const options_error& error) {
        std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
        return 1;
    }
    return 1;
}

}  // namespace weft::cli
