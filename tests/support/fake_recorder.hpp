// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/recorder.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A journal in memory: the test provides the records of earlier sessions, and this session's are listed as
/// text.
class fake_recorder : public weft::engine::recorder {
public:
    using past_attempt = weft::engine::past_attempt;

    explicit fake_recorder(std::vector<std::string> tasks) : tasks_(std::move(tasks)) {}

    /// Adds attempt 1 of `task`, at the machine called `host`.
    past_attempt& left(const std::string& task, past_attempt::state how, const std::string& host = {}) {
        past_attempt& one = left_[task];
        one.how = how;
        one.number = 1;
        one.host = host;
        one.scratch = "/scratch/run-1/" + task;
        return one;
    }
    std::vector<std::string> written;
    std::set<std::string> pre_journaled;  ///< scratch directories
    std::set<std::string> on_disk;        ///< those of them that were flushed
    int waits = 0;                        ///< waits for a flush

    past_attempt past(weft::plan::index task) const override {
        const auto found = left_.find(tasks_[task]);
        return found == left_.end() ? past_attempt{} : found->second;
    }
    weft::os::async<weft::engine::fingerprint> identify(weft::plan::index, const weft::engine::place&,
                                                        const weft::report&,
                                                        const weft::engine::functions*) override {
        co_return weft::engine::fingerprint{};
    }
    void opens(const weft::engine::place&) override {}
    void pre_journals(const weft::task_report& row, const weft::engine::place&) override {
        pre_journaled.insert(row.scratch);
    }
    void begins(const weft::task_report& row, const weft::engine::place&,
                const weft::engine::fingerprint&) override {
        written.push_back("begins " + row.name + ' ' + std::to_string(row.attempts));
    }
    void ends(const weft::task_report& row, weft::task_state state, bool collects,
              const std::string&) override {
        written.push_back("ends " + row.name + ' ' + std::to_string(row.attempts) + ' ' +
                          std::string(to_string(state)) + (collects ? " collects" : ""));
    }
    void collected(const weft::task_report& row) override { written.push_back("collected " + row.name); }
    void removes(const weft::task_report& row) override { written.push_back("removes " + row.name); }
    void abandons(const weft::task_report& row, unsigned attempt) override {
        written.push_back("abandons " + row.name + ' ' + std::to_string(attempt));
    }
    void removed(const weft::task_report& row, unsigned attempt) override {
        written.push_back("removed " + row.name + ' ' + std::to_string(attempt));
    }
    void settles(const weft::task_report& row) override {
        written.push_back("settles " + row.name + ' ' + std::string(to_string(row.status)));
    }
    void run_ends(const weft::report&) override { written.emplace_back("run_ends"); }
    void write() override {}
    weft::os::async<void> durable() override {
        ++waits;
        on_disk.insert(pre_journaled.begin(), pre_journaled.end());
        co_return;
    }

private:
    std::vector<std::string> tasks_;
    std::map<std::string, past_attempt> left_;
};

}  // namespace support
