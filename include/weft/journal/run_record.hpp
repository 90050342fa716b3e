// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/recorder.hpp>
#include <weft/journal/fingerprint.hpp>
#include <weft/journal/history.hpp>
#include <weft/journal/journal_file.hpp>
#include <weft/os/reactor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace weft::journal {

/// Writes a run's journal. Lines of one turn of the reactor are one write. One fdatasync on a helper thread
/// serves all lines that are waited for, and those added while the disk was busy; the rest is synced a little
/// later. Lines that could not be written are kept and written with the next ones, in case the disk has space
/// again.
class run_record final : public engine::recorder {
public:
    /// `directory` is the base of relative inputs.
    run_record(os::reactor& loop, const plan::view& plan, std::vector<std::string> parameters,
               std::string directory, journal_file file, history past);

    engine::past_attempt past(plan::index task) const override;
    os::async<engine::fingerprint> identify(plan::index task, const engine::place& at, const report& so_far,
                                            const engine::functions* calls) override;
    void opens(const engine::place& at) override;
    void pre_journals(const task_report& row, const engine::place& at) override;
    void begins(const task_report& row, const engine::place& at, const engine::fingerprint& made_of) override;
    void ends(const task_report& row, task_state state, bool collects, const std::string& seal) override;
    void collected(const task_report& row) override;
    void removes(const task_report& row) override;
    void abandons(const task_report& row, unsigned attempt) override;
    void removed(const task_report& row, unsigned attempt) override;
    void settles(const task_report& row) override;
    void run_ends(const report& result) override;
    void write() override;
    os::async<void> durable() override;

private:
    using batch = std::shared_ptr<os::completion<bool>>;
    void add(const std::string& line);
    void end_turn();
    void sync_soon();
    os::async<void> sync();

    os::reactor& loop_;
    const plan::view& plan_;
    fingerprints made_of_;
    journal_file file_;
    history past_;
    std::string waiting_;  ///< lines not written yet
    bool dirty_ = false;   ///< lines are written and perhaps not synced
    batch next_;           ///< completes with the next sync; null: nothing waits for it
    batch current_;        ///< completes with the running sync
    bool scheduled_ = false;
    std::unique_ptr<os::clock::alarm> later_;
};

}  // namespace weft::journal
