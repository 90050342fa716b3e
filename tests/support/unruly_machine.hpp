// SPDX-License-Identifier: MIT
#pragma once

#include "support/unruly_shell.hpp"
#include "support/unruly_world.hpp"

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

/// A machine with its attempts, which carries out the requests of `resident_shell.hpp` as far as their claims
/// and replies go, with faults drawn from the seed.
class unruly_machine {
public:
    explicit unruly_machine(unsigned seed) : world_(seed) {}

    unsigned below(unsigned limit) { return world_.below(limit); }
    bool chance(unsigned percent) { return world_.chance(percent); }
    bool disorder() { return !calm_ && chance(disorder_); }
    unsigned cuts() const { return cuts_; }
    unsigned refusals() const { return refusals_; }
    void calm_down() { calm_ = true; }
    true_attempt& attempt(const std::string& scratch) { return attempts_[scratch]; }
    /// Some reply was never given, so a question may have been given up.
    bool withheld() const { return withheld_; }

    /// For a seed that runs alone.
    void tell(std::string_view what, const unruly_shell& shell, std::string_view line) const {
        if (!loud) return;
        std::cerr << what << ' ' << shell.number << (shell.cut ? " (cut)" : "") << ": "
                  << line.substr(0, line.find('\n')).substr(0, 100) << '\n';
    }
    bool loud = false;

    /// A line of stderr arrived; whether the end of an attempt has.
    void note_arrival(const std::string& line) {
        const auto at = line.find(" end ");
        if (at == line.npos || std::isdigit(static_cast<unsigned char>(line[at + 5])) == 0) return;
        ends_.insert(std::strtoull(line.c_str() + line.find(' '), nullptr, 10));
    }
    bool end_arrived(const true_attempt& one) const { return ends_.contains(one.id); }

    /// A line that is no answer, or not to what was asked.
    std::string noise(const unruly_shell& shell) {
        switch (below(4)) {
            case 0:
                return "Welcome";
            case 1:
                return shell.nonce + " 1 oh 00";
            case 2:
                return shell.nonce + " 999999 ok ";
            default:
                return shell.nonce + " 999999 end 0";
        }
    }

    /// The connection breaks. What has not arrived never does, or part of it is carried out by and by.
    void cut(unruly_shell& shell) {
        tell("the connection breaks", shell, {});
        shell.cut = true;
        const auto lose_end = [&](std::deque<std::string>& some) {
            if (chance(50)) some.resize(below(static_cast<unsigned>(some.size()) + 1));
        };
        lose_end(shell.requests);
        lose_end(shell.replies);
        lose_end(shell.notices);
    }

    bool works(const unruly_shell& shell) const { return shell.hangs && shell.works && !calm_; }

    void carry_out(const std::shared_ptr<unruly_shell>& shell) {
        const std::string request = std::move(shell->requests.front());
        shell->requests.pop_front();
        tell("shell", *shell, request);
        const bool attaches = request.starts_with("weft_attach") || request.starts_with("weft_resume");
        if (!calm_ && chance(attaches ? attach_hangs_ : hangs_)) {
            withheld_ = shell->hangs = true;
            shell->works = chance(30);
            return;
        }
        withholds_ = !calm_ && chance(drops_);
        do_request(shell, request);
    }

    /// What runners and waiting shells may do next.
    void add_events(std::vector<std::function<void()>>& all) {
        for (auto& entry : attempts_) {
            true_attempt& one = entry.second;
            if (one.queued) all.emplace_back([this, &one] { take_up(one); });
            if (one.runs && (one.stopped || !one.endless)) all.emplace_back([this, &one] { end(one); });
            for (std::size_t at = 0; at < one.waiters.size(); ++at)
                if (!one.runs || (one.waiters[at].resumes && one.stopped))
                    all.emplace_back([this, &one, at] { answer_waiter(one, at); });
        }
    }

private:
    void reply(unruly_shell& shell, std::uint64_t id, const std::string& words) {
        if (withholds_)
            withheld_ = true;
        else
            shell.say(shell.replies, id, words);
    }
    void notice(unruly_shell& shell, std::uint64_t id, const std::string& words) {
        shell.say(shell.notices, id, words);
    }

    void do_request(const std::shared_ptr<unruly_shell>& shell, const std::string& request);
    void start(const std::shared_ptr<unruly_shell>& shell, const std::string& scratch, std::uint64_t id,
               bool unless_begun);

    /// A runner takes a job from the queue.
    void take_up(true_attempt& one) {
        one.queued = false;
        if (!calm_ && chance(kills_)) {
            one.stuck = true;
            return;
        }
        if (one.claimed) return;
        one.claimed = one.runs = true;
        ++one.starts;
        one.runner = ++last_runner_;
        one.shell->say(one.shell->replies, one.id, "ok " + hex(one.runner));
    }

    void end(true_attempt& one) {
        one.runs = false;
        // A shell that hangs is noticed by its missing replies, and the requests that look for runners have
        // none: both faults together would need another call to be noticed.
        if (!calm_ && attach_hangs_ == 0 && chance(kills_)) {
            one.runner_killed = true;
            return;
        }
        one.code = one.stopped ? 143 : static_cast<int>(below(3));
        notice(*one.shell, one.id, "end " + std::to_string(*one.code));
    }

    void answer_waiter(true_attempt& one, std::size_t at) {
        const true_attempt::waiter to = one.waiters[at];
        one.waiters.erase(one.waiters.begin() + static_cast<std::ptrdiff_t>(at));
        std::string how = one.code ? std::to_string(*one.code) : "lost";
        if (!one.claimed && (one.begun || to.resumes)) {
            one.claimed = true;
            how = "never";
        }
        if (to.resumes && (how == "lost" || one.stopped)) {
            how = "never";
            if (std::exchange(one.runs, false)) one.runner_killed = true;
        }
        notice(*to.shell, to.id, "end " + how);
    }

    static std::string hex(std::uint32_t number) {
        constexpr char digits[] = "0123456789abcdef";
        std::string text;
        for (int shift = 28; shift >= 0; shift -= 4)
            text += digits[number >> static_cast<unsigned>(shift) & 15u];
        return text;
    }

    unruly_world world_;
    std::map<std::string, true_attempt> attempts_;
    std::set<std::uint64_t> ends_;
    std::uint32_t last_runner_ = 0;
    bool calm_ = false;
    bool withheld_ = false;
    bool withholds_ = false;  ///< the reply to the request at hand
    // In percent.
    unsigned cuts_ = below(3) == 0 ? 0 : below(12);
    unsigned refusals_ = below(2) * below(90);
    unsigned disorder_ = below(2) * below(30);
    unsigned hangs_ = below(3) == 0 ? below(16) : 0;
    unsigned attach_hangs_ = hangs_ + (below(4) == 0 ? below(50) : 0);
    unsigned drops_ = below(3) == 0 ? below(15) : 0;
    unsigned kills_ = below(3) == 0 ? below(30) : 0;
};

inline void unruly_machine::start(const std::shared_ptr<unruly_shell>& shell, const std::string& scratch,
                                  std::uint64_t id, bool unless_begun) {
    true_attempt& one = attempts_[scratch];
    one.id = id;
    if (one.begun && !unless_begun) return reply(*shell, id, "err 626567756e");
    if (one.begun || one.claimed) {
        one.begun = true;
        one.waiters.push_back({shell, id, false});
        return reply(*shell, id, "ok ");
    }
    one.begun = true;
    if (!calm_ && chance(kills_ / 4)) {  // the shell ends here
        cut(*shell);
        shell->requests.clear();
        return;
    }
    one.shell = shell;
    one.queued = true;
}

inline void unruly_machine::do_request(const std::shared_ptr<unruly_shell>& shell,
                                       const std::string& request) {
    std::istringstream words(request);
    std::string first;
    words >> first;
    std::uint64_t id = 0;
    std::string scratch;
    const auto number_behind = [&](std::string_view mark) {
        const auto at = request.find(mark);
        return at == request.npos ? 0 : std::strtoull(request.c_str() + at + mark.size(), nullptr, 10);
    };
    if (first.starts_with("weft_nonce=")) {
        const auto start = first.find_first_not_of('\'', first.find('=') + 1);
        shell->nonce = first.substr(start, first.find('\'', start) - start);
        shell->greeted = true;
        std::string lines = "slots 4\nshell bash\nsession " + std::to_string(shell->number) + '\n';
        std::string payload;
        for (const char byte : lines) payload += hex(static_cast<unsigned char>(byte)).substr(6);
        shell->say(shell->replies, 0, "done here");
        reply(*shell, 0, "ok " + payload);
    } else if (first == "weft_begin") {
        words >> scratch;
        start(shell, scratch, number_behind("weft_run "), false);
    } else if (first == "if") {
        words >> first >> scratch;
        scratch.pop_back();  // ;
        start(shell, scratch, number_behind("weft_run "), true);
    } else if (first == "weft_attach" || first == "weft_resume") {
        words >> id >> scratch;
        attempts_[scratch].id = id;
        attempts_[scratch].waiters.push_back({shell, id, first == "weft_resume"});
    } else if (first == "weft_look") {
        std::uint32_t runner = 0;
        words >> id >> runner;
        for (const auto& entry : attempts_) {
            const true_attempt& one = entry.second;
            if (one.runner == runner && one.shell == shell && !one.runner_killed) return;
        }
        notice(*shell, id, "end lost");
    } else if (first == "weft_again") {
        words >> id >> scratch;
        true_attempt& one = attempts_[scratch];
        if (one.shell == shell && one.stuck) one.queued = std::exchange(one.stuck, false);
    } else if (first == "weft_stop") {
        words >> scratch;
        attempts_[scratch].stopped = true;
    } else if (first == "weft_ok") {
        words >> id;
        reply(*shell, id, "ok ");
    } else if (first == "weft_expand()" || first == "weft_changed()") {
        reply(*shell, number_behind("weft_data "), "ok 6600");
    } else if (first == "weft_data") {
        words >> id;
        reply(*shell, id, "ok 30");
    } else if (first == "weft_rename") {
        reply(*shell, number_behind("weft_ok "), "ok ");
    } else if (request.find("weft_notice ") != request.npos) {
        const bool removal = request.find("weft_remove") != request.npos;
        if (withholds_)
            withheld_ = true;
        else
            notice(*shell, number_behind("weft_notice "), removal ? "done ok" : "done 5");
    } else if (first == "weft_sweep;" || first == "cd") {
        for (auto& entry : attempts_)
            if (first == "weft_sweep;" && std::exchange(entry.second.runs, false))
                entry.second.runner_killed = true;
        reply(*shell, number_behind("weft_ok "), "ok ");
    } else if (first != "weft_runners" && first != "weft_unmake") {
        throw std::logic_error("the fake host does not know the request " + request);
    }
}

}  // namespace support
