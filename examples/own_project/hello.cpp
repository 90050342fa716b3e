// SPDX-License-Identifier: MIT
#include <weft/weft.hpp>
using namespace weft;

constexpr auto hello = workflow<"hello">(
    param<"name", std::string>("world", "who is greeted"),
    task<"write">(sh<"echo Hello, {{name}}! > greeting.txt">),
    task<"count">(sh<"wc -c < workflow:///write/greeting.txt > size.txt">) | collect<"size.txt">);

int main(int argc, char** argv) { return weft::main(hello, argc, argv); }
