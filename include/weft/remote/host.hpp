// SPDX-License-Identifier: MIT
// remote: runs tasks on a POSIX host through a shell that stays, and recovers them after a lost connection.
// It knows the engine's interfaces (backend, files), `ssh` and `transfer`. `launch` makes one host for each
// machine.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/engine/files.hpp>
#include <weft/engine/observer.hpp>
#include <weft/os/clock.hpp>
#include <weft/os/reactor.hpp>
#include <weft/remote/connection.hpp>
#include <weft/remote/host_link.hpp>
#include <weft/remote/resident_shell.hpp>
#include <weft/ssh/ssh_host.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace weft::remote {

/// The dependencies of `host`: the reactor and SSH connections in a program, fakes of both and a fixed seed
/// in tests of the recovery.
struct host_surroundings {
    os::clock& clock;
    std::function<std::unique_ptr<host_link>()> connect;           ///< makes a connection, not yet open
    std::uint32_t jitter = std::uint32_t{std::random_device{}()};  ///< seed of the pauses between reconnects
};

/// A host over SSH. Nothing is installed there: a POSIX sh that stays for the whole run starts the tasks, one
/// round trip each, in sessions that do not depend on the connection. After the connection is lost, the host
/// reconnects until its deadline and attaches to the running tasks again. If it cannot, they are `lost`.
class host final : public engine::backend, public engine::files {
public:
    /// `name` is the host's name in messages, `how.scratch` its base directory, `run` the run's name.
    /// `streams` channels for transfers are opened in advance. A transfer without a channel waits in a file
    /// in `aside`, a directory of this machine.
    host(os::reactor& loop, std::string name, ssh_host how, std::string run, std::size_t streams,
         std::string aside = "/tmp");
    host(host_surroundings where, std::string name, ssh_host how, std::string run, std::size_t streams);

    /// Reports lost and restored connections to `to`, which outlives this object.
    void listen(engine::observer& to) { listener_ = &to; }
    /// Retries a refused first connection until the host's deadline. (One that was accepted and then broke is
    /// always retried.)
    void insist() { insists_ = true; }

    os::async<engine::capacity> open() override;
    engine::health health_now() const override;
    std::string why_lost() const override { return "host " + name_ + ": " + lost_; }
    void interrupt() override;
    os::async<engine::outcome> run(const engine::attempt& what) override;
    os::async<engine::outcome> attach(const engine::attempt& what) override;
    void expect(const std::string& scratch) override { expected_.insert(scratch); }
    void stop(const std::string& scratch, engine::stop_signal how) override;
    os::async<void> close() override;

    os::async<std::vector<std::string>> match(std::string directory, std::string pattern, bool glob) override;
    os::async<engine::digest> send(std::string directory, std::vector<std::string> paths,
                                   engine::stream_form form, os::pipe_writer sink) override;
    os::async<bool> knows_pax() override;
    os::async<engine::digest> receive(std::string directory, os::pipe_reader source) override;
    os::async<std::uint64_t> salvage(std::string directory, std::string path) override;
    os::async<void> rename(std::string from, std::string to) override;
    os::async<void> remove(std::string path) override;
    os::async<void> remove_if_empty(std::string directory) override;
    os::async<bool> intact(std::string scratch) override;
    os::async<std::string> first_change(std::string scratch) override;
    os::async<std::string> seal(std::string scratch) override;
    os::async<std::string> tail(std::string file, std::size_t bytes) override;
    os::async<bool> is_full(std::string directory) override;

private:
    enum class state { closed, greeting, open, lost };
    using answer = os::completion<resident::line>;
    struct question {
        std::shared_ptr<answer> reply;
        std::string what;                       ///< the request in messages: `to remove /tmp/x`
        os::clock::steady::time_point heard{};  ///< the last sign of progress
    };
    using questions = std::map<std::uint64_t, question>;
    struct running_attempt {
        std::string scratch;
        std::shared_ptr<answer> end;
        bool started = false;      ///< the host has confirmed the start
        std::string resumed{};     ///< the task's name, of an attempt that an earlier process began
        std::uint32_t runner = 0;  ///< its process, on the current connection
        bool looked_at = false;    ///< was running at the last look
        std::optional<engine::stop_signal> stop{};  ///< is sent again on each new connection
    };

    void connect();
    os::async<engine::capacity> greet();
    os::async<engine::outcome> wait_for_end(std::string scratch, std::size_t outputs,
                                            std::shared_ptr<answer> end);
    os::async<void> recover(std::string why);
    os::async<void> ready();
    os::async<void> await_connected();
    os::async<resident::line> ask(questions& table, std::uint64_t id, std::string request, std::string what);
    os::async<resident::line> ask_to_start(std::uint64_t id, const engine::attempt& what, std::string request,
                                           bool& broken);
    std::vector<std::string> make_with(const std::string& scratch);
    std::shared_ptr<answer> expect_end(std::uint64_t id, const std::string& scratch);
    void be_there(running_attempt& attempt);
    os::async<void> confirm_attached();
    void look_after_runners();
    os::async<resident::line> ask_again(questions& table, std::uint64_t id, std::string request,
                                        std::string what);
    os::async<engine::digest> move(std::unique_ptr<file_stream> what);
    void take_reply(const std::string& text);
    void take_notice(const std::string& text);
    void keep_noise(std::string_view text);
    std::string what_it_said() const;
    void fail(questions& table, const std::exception_ptr& error);
    std::chrono::milliseconds longest_wait() const;
    void watch_questions();
    void look_at_questions();
    void give_up_question(std::uint64_t id);
    void note_work();
    os::async<void> next_try(std::chrono::milliseconds& delay);
    os::async<void> pause(os::clock::steady::duration time);
    void fail_greeting(const std::string& why);
    void break_off(const std::string& why);
    void note_away(const std::string& why);
    void note_back();
    void lose(const std::string& why);

    os::clock& loop_;
    std::function<std::unique_ptr<host_link>()> new_link_;
    std::string name_;
    ssh_host how_;
    std::string run_;
    std::string nonce_;
    std::size_t streams_;
    std::unique_ptr<host_link> connection_;
    state state_ = state::closed;
    bool closing_ = false;     ///< does not reconnect
    bool gnu_tar_ = false;     ///< the host has GNU tar
    bool fine_times_ = false;  ///< its file system has times that differ for each change
    std::string lost_;         ///< why, when `state_` is lost
    engine::observer* listener_ = nullptr;
    bool insists_ = false;
    std::optional<os::clock::steady::time_point> away_since_;
    bool shell_there_ = false;  ///< the control shell has answered on the current connection
    std::string shell_id_;      ///< its process
    std::string noise_;         ///< the last lines before its first answer
    std::minstd_rand jitter_;
    std::uint64_t last_id_ = 0;
    questions replies_;                                 ///< requests without a reply
    questions notices_;                                 ///< removals in progress on the host
    std::unique_ptr<os::clock::alarm> next_watch_;      ///< checks both for timeouts
    std::uint64_t least_answered_ = ~std::uint64_t{};   ///< the lowest id answered since the last check
    unsigned unanswered_ = 0;                           ///< consecutive requests that timed out
    std::map<std::uint64_t, running_attempt> running_;  ///< requested attempts that have not ended
    std::unique_ptr<os::clock::alarm> next_look_;
    std::unique_ptr<os::clock::alarm> interruption_;    ///< of an interrupted greeting
    std::set<std::string> expected_;                    ///< scratch directories of expected attempts
    std::set<std::string> made_;                        ///< directories made in advance, not yet used
    std::map<std::string, engine::stop_signal> stops_;  ///< requested before their attempts
    std::shared_ptr<os::completion<bool>> recovered_;   ///< set when a reconnect has succeeded or failed
};

}  // namespace weft::remote
