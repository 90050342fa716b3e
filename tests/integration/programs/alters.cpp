// SPDX-License-Identifier: MIT
// A producer and a reader of its directory, here and on a host. Each attempt records in the directory `log`
// that it ran. With `--writes yes` the readers write to their input.
#include <weft/weft.hpp>
using namespace weft;

// clang-format off
constexpr auto alters = workflow<"alters">(
    host<"edge">, param<"log", std::string>, param<"text", std::string>("c"), param<"writes", std::string>("no"),
    task<"make">(sh<"echo ran >> {{log}}/make.$WEFT_ATTEMPT; mkdir d; echo right > d/f; echo right > d/g">),
    task<"make_there">(sh<"echo ran >> {{log}}/make_there.$WEFT_ATTEMPT; mkdir d; echo right > d/f; echo right > d/g">) | on<"edge">,
    task<"reads">(sh<"d=workflow:///make/d; : {{text}}; if [ {{writes}} = yes ]; then echo wrong >> $d/f; fi; cat $d/f > out">),
    task<"reads_there">(sh<"d=workflow:///make_there/d; : {{text}}; if [ {{writes}} = yes ]; then echo wrong >> $d/f; fi; cat $d/f > out">) | on<"edge">);
// clang-format on

int main(int argc, char** argv) {
    return weft::main(alters, argc, argv);
}
