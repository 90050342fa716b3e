// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/resident_shell.hpp>
#include <weft/backend/ssh_connection.hpp>
#include <weft/config.hpp>
#include <weft/os/reactor.hpp>
#include <weft/run/backend.hpp>
#include <weft/run/files.hpp>
#include <weft/run/options.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace weft::backend {

/// A host over SSH. Nothing is installed there: tasks are started by a POSIX sh that stays for the whole run,
/// one round trip each, and live in sessions of their own, apart from the connection.
class ssh_place final : public engine::backend, public engine::files {
public:
    /// `name` is how the host is called in messages, `how.scratch` its base directory, `run` the run's name.
    /// `streams` channels for transfers are opened ahead.
    ssh_place(os::reactor& loop, std::string name, ssh_host how, std::string run, std::size_t streams);

    os::async<engine::capacity> open() override;
    os::async<engine::outcome> run(const engine::attempt& what) override;
    void stop(const std::string& scratch, engine::stop_signal how) override;
    os::async<void> close() override;

    os::async<std::vector<std::string>> match(std::string directory, std::string pattern, bool glob) override;
    os::async<engine::digest> send(std::string directory, std::vector<std::string> paths, int sink) override;
    os::async<engine::digest> receive(std::string directory, int source) override;
    os::async<void> rename(std::string from, std::string to) override;
    os::async<void> remove(std::string path) override;
    os::async<void> remove_if_empty(std::string directory) override;
    os::async<std::string> tail(std::string file, std::size_t bytes) override;

private:
    using answer = os::completion<resident::line>;

    std::shared_ptr<answer> expect(std::map<std::uint64_t, std::shared_ptr<answer>>& table, std::uint64_t id);
    os::async<std::string> ask(std::uint64_t id, std::string request);
    void take(std::map<std::uint64_t, std::shared_ptr<answer>>& table, const std::string& text);
    void lose(const std::string& why);

    os::reactor& loop_;
    std::string name_;
    std::string base_;
    std::string run_;
    std::string nonce_;
    std::size_t streams_;
    std::chrono::milliseconds patience_;  ///< for the control shell's first word
    ssh_connection connection_;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, std::shared_ptr<answer>> replies_;  ///< asked, not yet answered
    std::map<std::uint64_t, std::shared_ptr<answer>> notices_;  ///< started, not yet ended
    std::string lost_;
    bool open_ = false;
};

}  // namespace weft::backend
