// SPDX-License-Identifier: MIT
#pragma once

#include <weft/remote/shell_activity.hpp>
#include <weft/text/shell_quote.hpp>

#include <sstream>
#include <utility>

namespace weft::remote {

namespace detail {

// sshd makes each channel's shell a session leader and is the parent of all of them. In `stat`, field 6 is
// the session, 10 and 12 are page faults, 14 to 17 processor ticks, including children. Fields are counted
// from after the name, which may contain spaces.
inline constexpr std::string_view activity_script = R"sh(
exec 2>/dev/null
weft_parent=$PPID
for weft_file in /proc/[0-9]*/stat; do
  read -r weft_line <"$weft_file" || continue
  set -- ${weft_line##*\) }
  [ "$4" != "$$" ] || continue
  read -r weft_leader <"/proc/$4/stat" || continue
  weft_leader=${weft_leader##*\) }
  weft_leader=${weft_leader#? }
  [ "${weft_leader%% *}" = "$weft_parent" ] || continue
  printf 'weft-shell %s %s.%s.%s.%s.%s.%s.%s\n' "$4" "${weft_file#/proc/}" "$8" "${10}" "${12}" "${13}" "${14}" "${15}"
done
)sh";

}  // namespace detail

WEFT_INLINE void shell_activity::look() {
    if (channel_) return;
    output_.clear();
    channel_ = std::make_unique<ssh::channel>(session_, "exec sh -c " + text::quote(detail::activity_script),
                                              activity_);
    channel_->on_stdout = [this](std::string_view bytes) {
        if (output_.size() < (1u << 20)) output_ += bytes;
    };
}

WEFT_INLINE std::vector<std::string> shell_activity::advance() {
    std::vector<std::string> worked;
    if (!channel_ || channel_->advance()) return worked;
    channel_.reset();
    std::map<std::string, std::string, std::less<>> now;
    std::istringstream lines(output_);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string mark;
        std::string shell;
        std::string used;
        words >> mark >> shell >> used;
        if (mark == "weft-shell") now[shell] += used + ' ';
    }
    for (const auto& [shell, used] : now)
        if (const auto last = before_.find(shell); last != before_.end() && last->second != used)
            worked.push_back(shell);
    before_ = std::move(now);
    return worked;
}

}  // namespace weft::remote
