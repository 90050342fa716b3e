// SPDX-License-Identifier: MIT
#include <weft/functions.hpp>
using namespace weft;

constexpr auto flow =
    workflow<"consumer">(task<"answer">([] { return 42; }),
                         task<"check">([](int answer) { return answer == 42; }, from<"answer">));

int main() {
    const auto result = run(flow);
    return result.ok() && result.value<"check">() ? 0 : 1;
}
