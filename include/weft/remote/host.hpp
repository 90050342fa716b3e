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

/// What `host` needs of the world: a program has the reactor and connections over SSH, tests of the recovery
/// have fakes of both, and a fixed seed.
struct host_surroundings {
    os::clock& clock;
    std::function<std::unique_ptr<host_link>()> connect;           ///< a connection that is not open yet
    std::uint32_t jitter = std::uint32_t{std::random_device{}()};  ///< seed of the pauses between reconnects
};

/// A host over SSH. Nothing is installed there: tasks are started by a POSIX sh that stays for the whole run,
/// one round trip each, and live in sessions of their own, apart from the connection. When that is lost, one
/// new one is made, for as long as a connection may take, and the running tasks are looked up there; only
/// when this fails are they `lost`.
class host final : public engine::backend, public engine::files {
public:
    /// `name` is how the host is called in messages, `how.scratch` its base directory, `run` the run's name.
    /// `streams` channels for transfers are opened ahead. What must wait for one does so in a file of the
    /// directory `aside` of this machine.
    host(os::reactor& loop, std::string name, ssh_host how, std::string run, std::size_t streams,
         std::string aside = "/tmp");
    host(host_surroundings where, std::string name, ssh_host how, std::string run, std::size_t streams);

    /// What becomes of the connection is reported to `to`, which outlives this.
    void listen(engine::observer& to) { listener_ = &to; }
    /// A first connection that nobody takes is tried again, within the time that the host may stay away. (One
    /// that was taken and then broke always is.)
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
        std::string what;                       ///< it is: `to remove /tmp/x`
        os::clock::steady::time_point heard{};  ///< since when nothing has come of it
    };
    using questions = std::map<std::uint64_t, question>;
    struct running_attempt {
        std::string scratch;
        std::shared_ptr<answer> end;
        bool started = false;      ///< the host knows of it
        std::string resumed{};     ///< the task's name, of an attempt that an earlier process began
        std::uint32_t runner = 0;  ///< its process, on the connection that there is
        bool looked_at = false;    ///< it runs for some time already
        std::optional<engine::stop_signal> stop{};  ///< said to each connection on which it is there
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
    bool closing_ = false;     ///< no new connection is made
    bool gnu_tar_ = false;     ///< there
    bool fine_times_ = false;  ///< known of its file system: times tell each change
    std::string lost_;         ///< why, when `state_` is lost
    engine::observer* listener_ = nullptr;
    bool insists_ = false;
    std::optional<os::clock::steady::time_point> away_since_;
    bool shell_there_ = false;  ///< on the connection that there is
    std::string shell_id_;      ///< its process
    std::string noise_;         ///< what came before it, the last lines
    std::minstd_rand jitter_;
    std::uint64_t last_id_ = 0;
    questions replies_;                                 ///< asked, not yet answered
    questions notices_;                                 ///< to come: of removals that go on there
    std::unique_ptr<os::clock::alarm> next_watch_;      ///< of these two
    std::uint64_t least_answered_ = ~std::uint64_t{};   ///< since the last watch
    unsigned unanswered_ = 0;                           ///< given up, with no answer to another since
    std::map<std::uint64_t, running_attempt> running_;  ///< attempts asked for, not yet ended
    std::unique_ptr<os::clock::alarm> next_look_;
    std::unique_ptr<os::clock::alarm> interruption_;    ///< of a greeting
    std::set<std::string> expected_;                    ///< scratch directories of attempts to come
    std::set<std::string> made_;                        ///< those that were made ahead
    std::map<std::string, engine::stop_signal> stops_;  ///< while it was broken, before their attempts
    std::shared_ptr<os::completion<bool>> recovered_;   ///< set when a broken connection was replaced, or not
};

}  // namespace weft::remote
