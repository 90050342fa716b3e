// SPDX-License-Identifier: MIT
// Thirty tasks, here and on a host, whose engine is killed by a drill. Their outputs depend only on their
// inputs, and each attempt records in its own file that it ran.
#include <weft/weft.hpp>
using namespace weft;

#define RAN "echo ran >> {{log}}/$WEFT_TASK.$WEFT_ATTEMPT; "

constexpr auto thirty = workflow<"thirty">(
    host<"edge">, param<"log", std::string>, task<"t0">(sh<RAN "sleep 0.1; echo t0 > f">) | on<"edge">,
    task<"t1">(sh<RAN "sleep 0.05; echo t1 > f">) | on<"edge">, task<"t2">(sh<RAN "sleep 0.15; echo t2 > f">),
    task<"t3">(sh<RAN "sleep 0.02; echo t3 > f">) | on<"edge">,
    task<"t4">(sh<RAN "sleep 0.02; echo t4 > f">) | on<"edge">, task<"t5">(sh<RAN "sleep 0.02; echo t5 > f">),
    task<"t6">(sh<RAN "sleep 0.1; cat workflow:///t0/f workflow:///t1/f | cksum > f; echo t6 >> f">) |
        on<"edge">,
    task<"t7">(sh<RAN "sleep 0.02; cat workflow:///t1/f workflow:///t2/f | cksum > f; echo t7 >> f">) |
        on<"edge">,
    task<"t8">(sh<RAN "sleep 0.05; cat workflow:///t2/f workflow:///t3/f | cksum > f; echo t8 >> f">),
    task<"t9">(sh<RAN "sleep 0.02; cat workflow:///t3/f workflow:///t4/f | cksum > f; echo t9 >> f">) |
        on<"edge">,
    task<"t10">(sh<RAN "sleep 0.02; cat workflow:///t4/f workflow:///t5/f | cksum > f; echo t10 >> f">) |
        on<"edge">,
    task<"t11">(sh<RAN "sleep 0.15; cat workflow:///t5/f workflow:///t0/f | cksum > f; echo t11 >> f">),
    task<"t12">(sh<RAN "sleep 0.15; cat workflow:///t6/f workflow:///t7/f | cksum > f; echo t12 >> f">) |
        on<"edge">,
    task<"t13">(sh<RAN "sleep 0.02; cat workflow:///t7/f workflow:///t8/f | cksum > f; echo t13 >> f">) |
        on<"edge">,
    task<"t14">(sh<RAN "sleep 0.05; cat workflow:///t8/f workflow:///t9/f | cksum > f; echo t14 >> f">),
    task<"t15">(sh<RAN "sleep 0.02; cat workflow:///t9/f workflow:///t10/f | cksum > f; echo t15 >> f">) |
        on<"edge">,
    task<"t16">(sh<RAN "sleep 0.15; cat workflow:///t10/f workflow:///t11/f | cksum > f; echo t16 >> f">) |
        on<"edge">,
    task<"t17">(sh<RAN "sleep 0.02; cat workflow:///t11/f workflow:///t6/f | cksum > f; echo t17 >> f">),
    task<"t18">(sh<RAN "sleep 0.02; cat workflow:///t12/f workflow:///t13/f | cksum > f; echo t18 >> f">) |
        on<"edge">,
    task<"t19">(sh<RAN "sleep 0.05; cat workflow:///t13/f workflow:///t14/f | cksum > f; echo t19 >> f">) |
        on<"edge">,
    task<"t20">(sh<RAN "sleep 0.02; cat workflow:///t14/f workflow:///t15/f | cksum > f; echo t20 >> f">),
    task<"t21">(sh<RAN "sleep 0.15; cat workflow:///t15/f workflow:///t16/f | cksum > f; echo t21 >> f">) |
        on<"edge">,
    task<"t22">(sh<RAN "sleep 0.02; cat workflow:///t16/f workflow:///t17/f | cksum > f; echo t22 >> f">) |
        on<"edge">,
    task<"t23">(sh<RAN "sleep 0.05; cat workflow:///t17/f workflow:///t12/f | cksum > f; echo t23 >> f">),
    task<"t24">(sh<RAN "sleep 0.02; cat workflow:///t18/f workflow:///t19/f | cksum > f; echo t24 >> f">) |
        on<"edge"> | collect<"f">,
    task<"t25">(sh<RAN "sleep 0.05; cat workflow:///t19/f workflow:///t20/f | cksum > f; echo t25 >> f">) |
        on<"edge"> | collect<"f">,
    task<"t26">(sh<RAN "sleep 0.1; cat workflow:///t20/f workflow:///t21/f | cksum > f; echo t26 >> f">) |
        collect<"f">,
    task<"t27">(sh<RAN "sleep 0.15; cat workflow:///t21/f workflow:///t22/f | cksum > f; echo t27 >> f">) |
        on<"edge"> | collect<"f">,
    task<"t28">(sh<RAN "sleep 0.05; cat workflow:///t22/f workflow:///t23/f | cksum > f; echo t28 >> f">) |
        on<"edge"> | collect<"f">,
    task<"t29">(sh<RAN "sleep 0.02; cat workflow:///t23/f workflow:///t18/f | cksum > f; echo t29 >> f">) |
        collect<"f">);

int main(int argc, char** argv) {
    return weft::main(thirty, argc, argv);
}
