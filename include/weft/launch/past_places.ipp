// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/machine_name.hpp>
#include <weft/launch/bindings_now.hpp>
#include <weft/launch/past_places.hpp>
#include <weft/local/machine.hpp>
#include <weft/remote/host.hpp>
#include <weft/text/address.hpp>

#include <utility>

namespace weft::launch {

struct past_places::open_place {
    std::unique_ptr<local::machine> here;
    std::unique_ptr<remote::host> there;
    bool usable = false;
    place of() const {
        if (here) return {here.get(), here.get()};
        return {there.get(), there.get()};
    }
};

namespace detail {

/// The machine that a run with these bindings calls `host`; null if none. Without `exact`, also matches the
/// name that it would have beside other machines of its host.
WEFT_INLINE const ssh_host* machine_of(const std::vector<host_binding>& bindings, const std::string& host,
                                       bool exact) {
    const std::string name = host.substr(0, host.find('@'));
    std::vector<ssh_host> machines;
    for (const host_binding& binding : bindings)
        if (binding.name == name) machines.push_back(binding.host);
    for (const host_binding& binding : bindings) {
        if (binding.name != name) continue;
        const ssh_host& one = binding.host;
        const auto is = [&](unsigned port) { return host == name + '@' + text::address(one.address, port); };
        if (exact ? host == engine::machine_name(name, machines, one) : is(0) || is(one.port)) return &one;
    }
    return nullptr;
}

}  // namespace detail

WEFT_INLINE ssh_host reach_of(const std::vector<host_binding>& given, const journal::history& past,
                              const std::string& host) {
    ssh_host machine;
    bool known = false;
    for (const bool as_given : {true, false})
        for (const bool exact : {true, false})
            for (auto session = past.sessions.rbegin(); session != past.sessions.rend() && !known;
                 ++session) {
                const std::vector<host_binding> bindings =
                    as_given ? bindings_now(given, session->options.hosts) : session->options.hosts;
                const ssh_host* const found = detail::machine_of(bindings, host, exact);
                if (found != nullptr) machine = *found;
                known = found != nullptr;
            }
    if (!known && host.find('@') != host.npos)
        throw engine::place_error("host " + host +
                                  ": the run's journal has no address for it: bind it with --host " +
                                  host.substr(0, host.find('@')) + "=[user@]address[:port]");
    if (machine.address.empty() && host.find('@') != host.npos)
        machine.address = host.substr(0, host.find('@'));
    if (machine.scratch.empty()) machine.scratch = past.last().options.scratch;
    return machine;
}

WEFT_INLINE past_places::past_places(os::reactor& loop, const journal::history& past, std::string name,
                                     std::vector<host_binding> given)
    : loop_(loop), name_(std::move(name)), past_(past), given_(std::move(given)) {}

WEFT_INLINE past_places::~past_places() = default;

WEFT_INLINE os::async<past_places::place> past_places::at(std::string host) {
    // A place that cannot be reached is left out; each further request for it fails with the same message.
    const bool is_new = !open_.contains(host);
    ssh_host machine;
    if (is_new && !host.empty()) machine = reach_of(given_, past_, host);
    std::unique_ptr<open_place>& one = open_[host];
    if (is_new) {
        one = std::make_unique<open_place>();
        if (host.empty())
            one->here = std::make_unique<local::machine>(loop_, name_);
        else
            one->there = std::make_unique<remote::host>(loop_, host, std::move(machine), name_, 0);
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

}  // namespace weft::launch
