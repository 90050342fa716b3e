// SPDX-License-Identifier: MIT
// The shell scripts installed on this machine.
#pragma once

#include "support/shell_driver.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace support {

struct corpus_script {
    std::string file;
    std::string text;
};

/// Whether `head`, the start of a file, has a `#!` line for sh or bash.
inline bool names_shell(std::string_view head) {
    if (!head.starts_with("#!")) return false;
    head = head.substr(0, head.find('\n'));
    std::size_t end = head.size();
    for (;;) {  // options come last: `#!/bin/sh -e`
        while (end > 0 && head[end - 1] == ' ') --end;
        const std::size_t start = head.find_last_of(" /!", end == 0 ? 0 : end - 1) + 1;
        const std::string_view word = head.substr(start, end - start);
        if (word == "sh" || word == "bash" || word == "dash") return true;
        if (!word.starts_with('-')) return false;
        end = start;
    }
}

/// The scripts in the directories where packages install them, by name, without duplicates.
inline std::vector<corpus_script> scripts_of_this_machine() {
    namespace fs = std::filesystem;
    std::vector<corpus_script> found;
    const auto consider = [&](const fs::directory_entry& entry, bool any) {
        std::error_code error;
        if (!entry.is_regular_file(error) || entry.is_symlink(error)) return;
        const fs::path extension = entry.path().extension();
        const bool named = any || extension == ".sh" || extension == ".bash";
        const bool runs = (entry.status(error).permissions() & fs::perms::owner_exec) != fs::perms::none;
        if (!named && !runs) return;
        std::ifstream in(entry.path(), std::ios::binary);
        char head[80] = {};
        in.read(head, sizeof head);
        const std::string_view read(head, static_cast<std::size_t>(in.gcount()));
        if (!names_shell(read) && (!named || read.starts_with("#!"))) return;
        found.push_back({entry.path().string(), read_file(entry.path())});
    };
    for (const char* root : {"/etc", "/bin", "/sbin", "/lib", "/usr", "/opt", "/var/lib/dpkg/info"}) {
        std::error_code error;
        if (fs::is_symlink(root, error)) continue;
        const auto options = fs::directory_options::skip_permission_denied;
        for (fs::recursive_directory_iterator at(root, options, error), end; !error && at != end;
             at.increment(error)) {
            const std::string directory = at->path().parent_path().string();
            consider(*at, directory.ends_with("bash-completion/completions"));
        }
    }
    std::sort(found.begin(), found.end(), [](const corpus_script& one, const corpus_script& other) {
        return one.text != other.text ? one.text < other.text : one.file < other.file;
    });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const corpus_script& one, const corpus_script& other) {
                                return one.text == other.text;
                            }),
                found.end());
    return found;
}

}  // namespace support
