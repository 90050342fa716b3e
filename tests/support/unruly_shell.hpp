// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace support {

/// The resident shell of one connection, seen from the host.
struct unruly_shell {
    unsigned number = 0;
    std::deque<std::string> requests;  ///< not yet carried out
    std::deque<std::string> replies;   ///< said, not yet delivered
    std::deque<std::string> notices;
    std::string nonce;
    bool greeted = false;
    bool cut = false;    ///< nothing that it says arrives any more
    bool hangs = false;  ///< in a tool: carries out nothing more
    bool works = false;  ///< uses processor time while it hangs

    /// A text holds one request over several lines, or one on each line.
    void take(const std::string& text) {
        for (const char* const start :
             {"weft_nonce", "weft_begin", "if weft_begin", "weft_expand", "weft_changed"})
            if (text.starts_with(start)) return requests.push_back(text);
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) requests.push_back(line);
    }
    void say(std::deque<std::string>& where, std::uint64_t id, const std::string& words) {
        if (!cut) where.push_back(nonce + ' ' + std::to_string(id) + ' ' + words);
    }
};

/// The true state of an attempt on the machine, whatever the engine has heard.
struct true_attempt {
    struct waiter {
        std::shared_ptr<unruly_shell> shell;
        std::uint64_t id;
        bool resumes;
    };
    bool begun = false;    ///< `.weft/environment` is there
    bool claimed = false;  ///< `.weft/wrapper` is there: it has started, or never will
    unsigned starts = 0;
    bool runs = false;
    bool stopped = false;                   ///< `.weft/stop` is there
    bool runner_killed = false;             ///< which says nothing
    std::optional<int> code;                ///< `.weft/exit`
    bool endless = false;                   ///< ends only when it is stopped
    bool stuck = false;                     ///< in the queue of a runner that was killed as it took it
    std::shared_ptr<unruly_shell> shell{};  ///< whose runner has it
    std::uint64_t id = 0;
    std::uint32_t runner = 0;
    bool queued = false;
    std::vector<waiter> waiters{};
};

}  // namespace support
