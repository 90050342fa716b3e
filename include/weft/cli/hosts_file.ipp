// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/arguments.hpp>
#include <weft/cli/hosts_file.hpp>
#include <weft/cli/toml_guard.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/plan/parameter_units.hpp>

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace weft::cli {

namespace detail {

/// Reads one table of the file: one machine per address.
class host_table {
public:
    host_table(const std::string& file, std::string_view host, const toml::table& table)
        : file_(file), host_(host), table_(table) {}

    std::vector<ssh_host> read() const {
        ssh_host machine;
        const toml::node* address = nullptr;
        const toml::array* addresses = nullptr;
        for (const auto& [key, value] : table_) {
            const std::string_view name = key.str();
            if (name == "address" && value.is_array())
                addresses = value.as_array();
            else if (name == "address")
                address = &value;
            else if (name == "user")
                machine.user = word(key, value);
            else if (name == "port")
                machine.port = static_cast<std::uint16_t>(number(key, value, 1, 65535));
            else if (name == "identity")
                machine.identity = path(key, value);
            else if (name == "known_hosts")
                machine.known_hosts = path(key, value);
            else if (name == "scratch")
                machine.scratch = scratch(key, value);
            else if (name == "slots")
                machine.slots = static_cast<unsigned>(number(key, value, 1, 100000));
            else if (name == "memory")
                machine.memory = size(key, value);
            else if (name == "connect_timeout")
                machine.connect_timeout = std::chrono::seconds(number(key, value, 1, 3600));
            else
                unknown(key);
        }
        if (addresses != nullptr) return machines(*addresses, machine);
        if (address != nullptr) take_address(*address, machine);
        return {machine};
    }

    /// One machine per address, with the other fields from `common`.
    std::vector<ssh_host> machines(const toml::array& addresses, const ssh_host& common) const {
        std::vector<ssh_host> all;
        for (const toml::node& node : addresses) {
            take_address(node, all.emplace_back(common));
        }
        if (all.empty()) fail(addresses.source(), "the list of addresses is empty: give at least one");
        return all;
    }

private:
    /// Applies one address; its user and port override those of the table.
    void take_address(const toml::node& node, ssh_host& machine) const {
        const auto* found = node.as_string();
        if (found == nullptr) fail(node.source(), "an address must be text in quotes");
        try {
            const ssh_host said = parse_address(found->get());
            machine.address = said.address;
            if (!said.user.empty()) machine.user = said.user;
            if (said.port != 0) machine.port = said.port;
        } catch (const options_error& error) {
            fail(node.source(), error.what());
        }
    }
    [[noreturn]] void fail(const toml::source_region& at, const std::string& what) const {
        throw options_error(
            fmt::format("{}:{}:{}: host '{}': {}", file_, at.begin.line, at.begin.column, host_, what));
    }
    [[noreturn]] void unknown(const toml::key& key) const {
        const std::vector<std::string> known = {"address", "user",  "port",   "identity",       "known_hosts",
                                                "scratch", "slots", "memory", "connect_timeout"};
        const std::string close = nearest(key.str(), known);
        fail(key.source(), fmt::format("unknown key '{}'; {}", key.str(),
                                       close.empty() ? fmt::format("allowed are {}", fmt::join(known, ", "))
                                                     : fmt::format("did you mean {}?", close)));
    }
    std::string text(const toml::key& key, const toml::node& value) const {
        const auto* found = value.as_string();
        if (found == nullptr) fail(value.source(), fmt::format("'{}' must be text in quotes", key.str()));
        return found->get();
    }
    /// Rejects a value that `ssh -G` would read as an option.
    std::string word(const toml::key& key, const toml::node& value) const {
        std::string given = text(key, value);
        if (given.starts_with('-'))
            fail(value.source(), fmt::format("'{}' does not start with '-'", key.str()));
        return given;
    }
    std::int64_t number(const toml::key& key, const toml::node& value, std::int64_t least,
                        std::int64_t most) const {
        const auto* found = value.as_integer();
        if (found == nullptr || found->get() < least || found->get() > most)
            fail(value.source(),
                 fmt::format("'{}' must be a whole number from {} to {}", key.str(), least, most));
        return found->get();
    }
    std::uint64_t size(const toml::key& key, const toml::node& value) const {
        const auto bytes = plan::read_size(text(key, value));
        if (!bytes || *bytes == 0)
            fail(value.source(), fmt::format("'{}' must be a size such as \"16GiB\"", key.str()));
        return *bytes;
    }
    /// A directory on the host, so it cannot be made absolute here.
    std::string scratch(const toml::key& key, const toml::node& value) const {
        std::string given = text(key, value);
        if (!given.starts_with('/'))
            fail(value.source(),
                 fmt::format("'{}' must be an absolute path on the host, not '{}'", key.str(), given));
        return given;
    }
    /// A file's path, relative to the directory of the hosts file.
    std::string path(const toml::key& key, const toml::node& value) const {
        const std::filesystem::path given = text(key, value);
        if (given.empty()) fail(value.source(), fmt::format("'{}' is empty", key.str()));
        if (given.is_absolute() || given.native().starts_with("~/")) return given.string();
        return (std::filesystem::absolute(file_).parent_path() / given).lexically_normal().string();
    }

    const std::string& file_;
    std::string_view host_;
    const toml::table& table_;
};

WEFT_INLINE std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) throw options_error(fmt::format("{}: cannot be read", path));
    if (content.starts_with("\xef\xbb\xbf")) content.erase(0, 3);
    return content;
}

}  // namespace detail

WEFT_INLINE std::vector<host_binding> read_hosts_file(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        throw options_error(fmt::format("{}: there is no such hosts file", path));
    if (std::filesystem::is_directory(path, error))
        throw options_error(fmt::format("{}: it is a directory, not a hosts file", path));
    const std::string content = detail::read_text(path);
    detail::guard_toml(path, content);
    toml::table document;
    try {
        document = toml::parse(content, path);
    } catch (const toml::parse_error& mistake) {
        const auto& place = mistake.source().begin;
        if (place.line == 0) throw options_error(fmt::format("{}: {}", path, mistake.description()));
        throw options_error(
            fmt::format("{}:{}:{}: {}", path, place.line, place.column, mistake.description()));
    }
    std::vector<host_binding> bindings;
    const auto bind = [&](std::string_view name, const std::vector<ssh_host>& machines) {
        for (const ssh_host& machine : machines) bindings.push_back({std::string(name), machine});
    };
    const auto add = [&](std::string_view name, const toml::node& node) {
        const auto* table = node.as_table();
        const auto& place = node.source().begin;
        if (table == nullptr)
            throw options_error(
                fmt::format("{}:{}:{}: '{}' is not a host's table: write [name] and its keys below it", path,
                            place.line, place.column, name));
        bind(name, detail::host_table(path, name, *table).read());
    };
    const toml::table nothing;
    for (const auto& [name, node] : document) {
        const auto* machines = node.as_array();
        if (machines == nullptr)
            add(name.str(), node);
        else if (machines->empty() || machines->front().is_string())
            bind(name.str(), detail::host_table(path, name.str(), nothing).machines(*machines, {}));
        else
            for (const toml::node& machine : *machines) add(name.str(), machine);
    }
    return bindings;
}

WEFT_INLINE ssh_host parse_address(const std::string& text) {
    const auto fail = [&](const std::string& what) {
        throw options_error(
            fmt::format("'{}' is not an address: {}; write [user@]address[:port]", text, what));
    };
    ssh_host machine;
    std::string_view rest = text;
    if (const auto at = rest.rfind('@'); at != rest.npos) {
        machine.user = rest.substr(0, at);
        rest.remove_prefix(at + 1);
        if (machine.user.empty()) fail("the user is empty");
        if (machine.user.front() == '-') fail("a user does not start with '-'");
    }
    std::optional<std::string_view> port;
    if (rest.starts_with('[')) {
        const auto close = rest.find(']');
        if (close == rest.npos) fail("a bracket is not closed");
        machine.address = rest.substr(1, close - 1);
        rest.remove_prefix(std::min(rest.size(), close + 1));
        if (rest.starts_with(':'))
            port = rest.substr(1);
        else if (!rest.empty())
            fail("something follows the bracket");
    } else if (const auto colon = rest.find(':');
               colon != rest.npos && rest.find(':', colon + 1) == rest.npos) {
        machine.address = rest.substr(0, colon);
        port = rest.substr(colon + 1);
    } else {
        machine.address = rest;  // several colons: an IPv6 address
    }
    if (machine.address.empty()) fail("the address is empty");
    if (machine.address.front() == '-') fail("an address does not start with '-'");
    if (port) {
        const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), machine.port);
        if (error != std::errc{} || end != port->data() + port->size() || machine.port == 0)
            fail("the port must be a number from 1 to 65535");
    }
    return machine;
}

}  // namespace weft::cli
