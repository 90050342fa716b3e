// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <string>

namespace weft::show {

/// The graph in Graphviz's language: hosts as clusters, staged files as labels, `after` edges dashed.
std::string dot(const plan::view& plan);

/// The graph as a Mermaid flowchart: hosts as subgraphs, staged files as labels, `after` edges dotted.
std::string mermaid(const plan::view& plan);

}  // namespace weft::show
