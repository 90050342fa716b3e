// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/local_place.hpp>
#include <weft/backend/ssh_place.hpp>
#include <weft/cli/past_places.hpp>

#include <algorithm>
#include <utility>

namespace weft::cli {

struct past_places::open_place {
    std::unique_ptr<backend::local_place> here;
    std::unique_ptr<backend::ssh_place> there;
    bool usable = false;
    place of() const {
        if (here) return {here.get(), here.get()};
        return {there.get(), there.get()};
    }
};

WEFT_INLINE past_places::past_places(os::reactor& loop, const journal::history& past, std::string name,
                                     std::vector<host_binding> bindings)
    : loop_(loop), name_(std::move(name)), scratch_(past.last().how.scratch), bindings_(std::move(bindings)) {
    for (const host_binding& binding : past.last().how.hosts)
        if (std::none_of(bindings_.begin(), bindings_.end(),
                         [&](const auto& row) { return row.name == binding.name; }))
            bindings_.push_back(binding);
}

WEFT_INLINE past_places::~past_places() = default;

WEFT_INLINE const ssh_host* past_places::find(const std::vector<host_binding>& bindings,
                                              const std::string& host) {
    // `name`, or of several machines `name@address`, as the run called them.
    const std::string name = host.substr(0, host.find('@'));
    for (const host_binding& binding : bindings)
        if (binding.name == name && (name == host || host == name + '@' + binding.host.address))
            return &binding.host;
    return nullptr;
}

WEFT_INLINE os::async<past_places::place> past_places::at(std::string host) {
    std::unique_ptr<open_place>& one = open_[host];
    if (!one) {
        one = std::make_unique<open_place>();
        if (host.empty()) {
            one->here = std::make_unique<backend::local_place>(loop_, name_);
        } else {
            ssh_host how;
            if (const ssh_host* const known = find(bindings_, host); known != nullptr) how = *known;
            if (how.scratch.empty()) how.scratch = scratch_;
            one->there = std::make_unique<backend::ssh_place>(loop_, host, std::move(how), name_, 0);
        }
        open_place& opening = *one;
        co_await opening.of().tasks->open();
        opening.usable = true;
    }
    if (!one->usable) throw engine::place_error("host " + host + ": it could not be opened");
    co_return one->of();
}

WEFT_INLINE os::async<void> past_places::close() {
    for (const auto& [host, one] : open_) co_await one->of().tasks->close();
}

}  // namespace weft::cli
