// SPDX-License-Identifier: MIT
// The four tasks of demo.cpp without a host: all run on this machine.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto demo = workflow<"DataFlow-Demo-Local">(
    task<"A">(sh<"mkdir output; hostname > output/f1.txt">),
    task<"B">(sh<"echo $RANDOM > f2.txt; cat workflow:///A/output/f1.txt >> f2.txt">),
    task<"C">(sh<"echo $RANDOM > f2.txt; cat workflow:///A/output/f1.txt >> f2.txt">),
    task<"D">(sh<"cat workflow:///B/f2.txt >> f3.txt; cat workflow:///C/f2.txt >> f3.txt">));

int main(int argc, char** argv) { return weft::main(demo, argc, argv); }
