// SPDX-License-Identifier: MIT
#include <weft/graph/message.hpp>

#include <catch2/catch.hpp>

#include <string>

using weft::graph::message;

TEST_CASE("a message that is too long ends in an ellipsis") {
    message said;
    const std::string word(100, 'x');
    for (int count = 0; count < 15; ++count) said << word;
    CHECK(said.view() == std::string(1500, 'x'));
    said << "y";
    CHECK(said.view() == std::string(1497, 'x') + "...");
    said << word;
    CHECK(said.view() == std::string(1497, 'x') + "...");
}
