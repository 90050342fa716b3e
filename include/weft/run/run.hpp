// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>
#include <weft/run/observer.hpp>
#include <weft/run/options.hpp>
#include <weft/run/report.hpp>

#include <memory>
#include <string>
#include <vector>

namespace weft::engine {

/// A backend and the files of its place: what one machine offers a run.
struct place {
    std::string name;     ///< empty: this machine
    std::string scratch;  ///< base directory
    unsigned slots = 0;   ///< 0: as many as the backend says
    class backend* tasks = nullptr;
    class files* contents = nullptr;
};

}  // namespace weft::engine
