// SPDX-License-Identifier: MIT
#include <weft/weft.hpp>
using namespace weft;

constexpr auto flow =
    workflow<"consumer">(param<"text", std::string>("it works"), task<"write">(sh<"echo {{text}} > out.txt">),
                         task<"read">(sh<"test \"$(cat workflow:///write/out.txt)\" = {{text}}">));

int main(int argc, char** argv) {
    return weft::main(flow, argc, argv);
}
