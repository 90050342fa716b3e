// SPDX-License-Identifier: MIT
#include <weft/plan/lower.hpp>
#include <weft/show/graph_text.hpp>
#include <weft/workflow.hpp>

#include "support/plan_builder.hpp"

#include <catch2/catch.hpp>

using namespace weft;

namespace {

constexpr auto demo =
    workflow<"demo">(host<"edge">, task<"A">(sh<"echo > f1.txt">) | on<"edge">,
                     task<"B">(sh<"cat workflow:///A/f1.txt workflow:///A/dir/*.txt">) | on<"edge">,
                     task<"end">(sh<"cat workflow:///B/f2.txt">) | after<"A">);

}  // namespace

TEST_CASE("in DOT, hosts are clusters, staged files label their edges, and order-only edges are dashed") {
    const plan::lowered lowered(demo);
    CHECK(show::dot(lowered.view()) == R"(digraph "demo" {
  rankdir=LR;
  label="demo";
  labelloc=t;
  node [shape=box, style=rounded];
  "end";
  subgraph "cluster_edge" {
    label="edge";
    "A";
    "B";
  }
  "A" -> "B" [label="f1.txt, dir/*.txt"];
  "A" -> "end" [style=dashed];
  "B" -> "end" [label="f2.txt"];
}
)");
}

TEST_CASE(
    "in Mermaid, hosts are subgraphs, staged files label their edges, and order-only edges are dotted") {
    const plan::lowered lowered(demo);
    CHECK(show::mermaid(lowered.view()) == R"(flowchart LR
  t2("end")
  subgraph h0["edge"]
    t0("A")
    t1("B")
  end
  t0 -->|"f1.txt, dir/*.txt"| t1
  t0 -.-> t2
  t1 -->|"f2.txt"| t2
)");
}

TEST_CASE("hostile names stay inside their quotes") {
    support::plan_builder plan;
    plan.task("a\"];x").task("b").refers("a\"];x", "\\back \"quote\"\n<b>#35;&lt;|`\xff");
    const std::string dot = show::dot(plan.view());
    INFO(dot);
    CHECK(dot.find(R"(  "a\"];x" -> "b" [label="\\back \"quote\"\\n<b>#35;&amp;lt;|`\\xff"];)") != dot.npos);
    const std::string mermaid = show::mermaid(plan.view());
    INFO(mermaid);
    CHECK(mermaid.find("  t0(\"a#34;];x\")\n") != mermaid.npos);
    CHECK(mermaid.find("-->|\"#92;back #34;quote#34;#92;n#60;b#62;#35;35;#38;lt;#124;#96;#92;xff\"| t1\n") !=
          mermaid.npos);
}
