// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace weft::remote::detail {

/// Splits a host's output into lines and passes on complete ones. Drops a line that is longer than any reply,
/// so that a host cannot fill this machine's memory.
class line_cutter {
public:
    explicit line_cutter(std::size_t longest = std::size_t{64} << 20) : longest_(longest) {}

    template <class Each>
    void take(std::string_view bytes, const Each& each) {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            const std::string_view part = bytes.substr(0, end);
            too_long_ = too_long_ || partial_.size() + part.size() > longest_;
            if (too_long_)
                partial_ = {};
            else
                partial_ += part;
            if (end == bytes.npos) return;
            bytes.remove_prefix(end + 1);
            if (!std::exchange(too_long_, false)) each(std::exchange(partial_, {}));
        }
    }

    /// Passes on an incomplete line too, since its end may never arrive.
    template <class Each>
    void flush(const Each& each) {
        if (!partial_.empty()) each(std::exchange(partial_, {}));
    }

private:
    std::size_t longest_;
    std::string partial_;
    bool too_long_ = false;
};

}  // namespace weft::remote::detail
