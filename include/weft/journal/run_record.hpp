// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/journal/fingerprint.hpp>
#include <weft/journal/history.hpp>
#include <weft/journal/journal_file.hpp>
#include <weft/os/reactor.hpp>
#include <weft/run/recorder.hpp>

#include <memory>
#include <string>
#include <vector>

namespace weft::journal {

/// Writes a run's journal. What is recorded in one turn of the reactor, and while the disk is busy, goes
/// there in one write and one fdatasync, on a helper thread. Lines that could not be written are kept and
/// tried again with the next ones: a disk may have room again.
class run_record final : public engine::recorder {
public:
    run_record(os::reactor& loop, const plan::view& what, std::vector<std::string> parameters,
               journal_file file, history past);

    engine::past_attempt past(plan::index task) const override;
    os::async<engine::fingerprint> identify(plan::index task, const engine::place& at, const report& so_far,
                                            const engine::functions* calls) override;
    void opens(const engine::place& at) override;
    void begins(const task_report& row, const engine::place& at, const engine::fingerprint& made_of) override;
    void ends(const task_report& row, task_state state, bool collects) override;
    void collected(const task_report& row) override;
    void removes(const task_report& row) override;
    void settles(const task_report& row) override;
    void run_ends(const report& result) override;
    os::async<void> durable() override;

private:
    using batch = std::shared_ptr<os::completion<bool>>;
    void add(const std::string& line);
    os::async<void> flush();

    os::reactor& loop_;
    const plan::view& plan_;
    fingerprints made_of_;
    journal_file file_;
    history past_;
    std::string trouble_;  ///< of the last write
    std::string waiting_;  ///< lines that are not yet given to the disk
    batch next_;           ///< of these; none when there are none
    batch current_;        ///< that the disk is busy with
    bool scheduled_ = false;
};

}  // namespace weft::journal
