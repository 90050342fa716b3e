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

/// Writes a run's journal. What is recorded in one turn of the reactor is one write. For what somebody waits
/// for, and what came while the disk was busy, there is one fdatasync on a helper thread; all else is on disk
/// a little later. Lines that could not be written are kept and tried again with the next ones: a disk may
/// have room again.
class run_record final : public engine::recorder {
public:
    /// `directory` is where relative inputs begin.
    run_record(os::reactor& loop, const plan::view& what, std::vector<std::string> parameters,
               std::string directory, journal_file file, history past);

    engine::past_attempt past(plan::index task) const override;
    os::async<engine::fingerprint> identify(plan::index task, const engine::place& at, const report& so_far,
                                            const engine::functions* calls) override;
    void opens(const engine::place& at) override;
    void foresees(const task_report& row, const engine::place& at) override;
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
    std::string waiting_;  ///< lines that are not yet written
    bool dirty_ = false;   ///< lines are written, and may not be on disk
    batch next_;           ///< waits for all these; none when nobody does
    batch current_;        ///< that the disk is busy with
    bool scheduled_ = false;
    std::unique_ptr<os::clock::alarm> later_;
};

}  // namespace weft::journal
