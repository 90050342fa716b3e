// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <string>
#include <string_view>

namespace weft::journal {

/// A run's journal file, open for its only writer. It is locked while this object lives; the kernel releases
/// the lock when the process ends in any way.
class journal_file {
public:
    /// Creates the run's directory (0700), which must not exist, and the journal in it (0600) with its first
    /// line. Throws `journal_error`.
    static journal_file create(const std::string& directory, std::string_view header);

    /// Opens and locks the journal of a run. Throws `journal_error` if it does not exist or another process
    /// writes it.
    static journal_file take(const std::string& directory);

    std::string text() const;

    /// Truncates the file to `size` bytes, to remove a torn line.
    void keep_only(std::size_t size);

    /// Appends `lines`, all or none: a failure leaves the file unchanged. Throws `std::system_error`.
    void append(std::string_view lines);

    /// Waits until all lines are on disk. Throws `std::system_error`.
    void sync();

    const std::string& path() const { return path_; }

private:
    std::string path_;
    os::descriptor file_;
};

/// Whether a process currently holds the journal of the run.
bool is_being_written(const std::string& directory);

/// The text of a run's journal, without locking it. Throws `journal_error` when it does not exist.
std::string journal_text(const std::string& directory);

std::string journal_path(const std::string& directory);

}  // namespace weft::journal
