// SPDX-License-Identifier: MIT
// local: runs tasks on this machine.
// It knows the runtime's interfaces (engine::backend, engine::files), the plan's rows and the operating
// system; never the executor. `launch` makes one object per machine of a run.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/engine/files.hpp>
#include <weft/local/stream_readers.hpp>
#include <weft/os/link_tree.hpp>
#include <weft/os/process.hpp>
#include <weft/os/reactor.hpp>

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weft::local {

/// This machine as a place: tasks are child processes.
class machine final : public engine::backend, public engine::files {
public:
    /// `run` is the run's name, which marks its processes; `directory`, if not empty, is the run's directory,
    /// created by `open`.
    machine(os::reactor& loop, std::string run, std::string directory = {})
        : loop_(loop), run_(std::move(run)), directory_(std::move(directory)) {}

    os::async<engine::capacity> open() override;
    os::async<engine::outcome> run(const engine::attempt& attempt) override;
    os::async<engine::outcome> attach(const engine::attempt& attempt) override;
    void stop(const std::string& scratch, engine::stop_signal signal) override;
    os::async<void> close() override;

    os::async<std::vector<std::string>> match(std::string directory, std::string pattern, bool glob) override;
    os::async<engine::digest> send(std::string directory, std::vector<std::string> paths,
                                   engine::stream_form form, os::pipe_writer sink) override;
    os::async<bool> knows_pax() override;
    os::async<engine::digest> receive(std::string directory, os::pipe_reader source) override;
    os::async<std::uint64_t> salvage(std::string directory, std::string path) override;
    os::async<void> rename(std::string from, std::string to) override;
    os::async<void> replace(std::vector<os::path_below> arrived, std::string to,
                            std::vector<std::string> stale, std::string trash) override;
    os::async<void> remove(std::string path) override;
    os::async<void> remove_if_empty(std::string directory) override;
    os::async<bool> intact(std::string scratch) override;
    os::async<std::string> first_change(std::string scratch) override;
    os::async<std::string> seal(std::string scratch) override;
    os::async<std::string> tail(std::string file, std::size_t bytes) override;
    os::async<bool> is_full(std::string directory) override;

private:
    os::async<engine::outcome> call(const engine::attempt& attempt);
    using search_for_processes = std::function<std::vector<pid_t>()>;
    os::async<bool> end_found(std::function<std::vector<pid_t>()> search,
                              std::function<bool(pid_t)> is_meant);
    os::process_start prepare(const engine::attempt& attempt) const;
    os::async<bool> drain(stream_readers readers);
    using linked_inputs = std::vector<std::vector<os::linked_file>>;  ///< for each link of an attempt
    os::async<linked_inputs> link_inputs(const engine::attempt& attempt);
    os::async<void> find_altered(const engine::attempt& attempt, const linked_inputs& inputs,
                                 engine::outcome& end);

    os::reactor& loop_;
    std::string run_;
    std::string directory_;
    std::vector<std::string> shell_{"sh", "-eu"};    ///< runs commands; `open` chooses it
    std::optional<bool> knows_pax_{};                ///< cached answer of `knows_pax`
    std::map<std::string, pid_t> groups_;            ///< process groups of running attempts, by scratch
    std::map<std::string, std::stop_source> calls_;  ///< running functions, by scratch
    std::vector<stream_readers> lingering_;          ///< readers whose task has ended
};

}  // namespace weft::local
