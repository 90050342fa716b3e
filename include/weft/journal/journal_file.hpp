// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <string>
#include <string_view>

namespace weft::journal {

/// The file of a run's journal, open for its one writer: it is locked as long as this lives, and the kernel
/// takes the lock back however the process ends.
class journal_file {
public:
    /// Makes the run's directory (0700), which must not exist, and the journal in it (0600) with its first
    /// line. Throws `journal_error`.
    static journal_file create(const std::string& directory, std::string_view header);

    /// Opens the journal of a run. Throws `journal_error`: there is none, or another process writes it.
    static journal_file take(const std::string& directory);

    std::string text() const;

    /// Cuts off what follows the first `size` bytes: a torn line.
    void keep_only(std::size_t size);

    /// Writes `lines` behind the others. All or nothing: after a failure the file is as it was. Throws
    /// `std::system_error`.
    void append(std::string_view lines);

    /// Waits until all lines are on disk. Throws `std::system_error`.
    void sync();

    const std::string& path() const { return path_; }

private:
    std::string path_;
    os::descriptor file_;
};

/// Whether a process writes the journal of the run at this moment.
bool is_being_written(const std::string& directory);

/// The text of a run's journal, whoever writes it. Throws `journal_error` when there is none.
std::string journal_text(const std::string& directory);

std::string journal_path(const std::string& directory);

}  // namespace weft::journal
