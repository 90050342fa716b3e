// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/match_files.hpp>
#include <weft/local/machine.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/os/scratch_seal.hpp>
#include <weft/transfer/local_archive.hpp>
#include <weft/transfer/local_transfer.hpp>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

// This machine as a place of files.

namespace weft::local {

/// Creates the scratch directory and the attempt's inputs in it. Single files are linked at once; slow
/// operations run on a helper thread.
WEFT_INLINE os::async<machine::linked_inputs> machine::link_inputs(const engine::attempt& attempt) {
    os::make_private_directory(attempt.scratch);
    os::make_private_directory(attempt.scratch + "/.weft");
    linked_inputs inputs(attempt.links.size());
    std::vector<std::size_t> slow;
    const auto names = [&attempt](std::size_t number) {
        const engine::link& input = attempt.links[number];
        return std::pair(input.directory + '/' + input.path, attempt.scratch + '/' + input.to);
    };
    for (std::size_t number = 0; number < attempt.links.size(); ++number) {
        const auto [from, to] = names(number);
        struct stat status {};
        if (attempt.writable_inputs || ::lstat(from.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
            slow.push_back(number);
            continue;
        }
        os::require_stageable(attempt.links[number].directory, attempt.links[number].path);
        std::filesystem::create_directories(std::filesystem::path(to).parent_path());
        if (!os::link_file(from, to, inputs[number])) slow.push_back(number);
    }
    if (slow.empty()) co_return inputs;
    std::function<void()> work = [&] {
        for (const std::size_t number : slow) {
            const auto [from, to] = names(number);
            os::require_stageable(attempt.links[number].directory, attempt.links[number].path);
            if (attempt.writable_inputs)
                os::copy_tree(from, to);
            else
                os::link_tree(from, to, inputs[number]);
        }
    };
    co_await loop_.blocking(std::move(work));
    co_return inputs;
}

WEFT_INLINE os::async<void> machine::find_altered(const engine::attempt& attempt, const linked_inputs& inputs,
                                                  engine::outcome& end) {
    std::size_t count = 0;
    for (const auto& of_one : inputs) count += of_one.size();
    std::function<void()> work = [&] {
        for (std::size_t number = 0; number < inputs.size() && !end.altered; ++number) {
            const os::linked_file* const file = os::find_altered(inputs[number]);
            if (file == nullptr) continue;
            end.altered = number;
            end.altered_file = file->path.substr(attempt.links[number].directory.size() + 1);
        }
    };
    if (count > 256)
        co_await loop_.blocking(std::move(work));
    else if (count != 0)
        work();
}

WEFT_INLINE os::async<std::vector<std::string>> machine::match(std::string directory, std::string pattern,
                                                               bool glob) {
    std::vector<std::string> found;
    if (glob) {
        // The directory may be large or on a slow file system.
        std::function<void()> work = [&] { found = engine::match_files(directory, pattern); };
        co_await loop_.blocking(std::move(work));
    } else if (std::filesystem::exists(directory + '/' + pattern)) {
        found.push_back(std::move(pattern));
    }
    co_return found;
}

WEFT_INLINE os::async<engine::digest> machine::send(std::string directory, std::vector<std::string> paths,
                                                    engine::stream_form form, os::pipe_writer sink) {
    std::function<std::string()> work = [&] {
        // Closes the pipe when this function ends, not when the coroutine frame is destroyed.
        os::pipe_writer through = std::move(sink);
        if (paths.size() == 1)
            if (auto one = transfer::open_to_send(directory, paths.front())) {
                one->header.offset = std::min(form.there, one->header.size);
                return transfer::send_file(*one, through);
            }
        return transfer::send_archive(directory, paths, form.pax, directory_, through);
    };
    co_return co_await transfer::transfer_on_thread(loop_, std::move(work));
}

WEFT_INLINE os::async<bool> machine::knows_pax() {
    if (!knows_pax_) {
        bool gnu = false;
        std::function<void()> work = [&gnu] { gnu = transfer::is_gnu_tar(); };
        co_await loop_.blocking(std::move(work));
        knows_pax_ = gnu;
    }
    co_return *knows_pax_;
}

WEFT_INLINE os::async<engine::digest> machine::receive(std::string directory, os::pipe_reader source) {
    std::function<std::string()> work = [&] {
        os::pipe_reader through = std::move(source);
        const auto header = transfer::parse_header(transfer::read_header_line(through));
        if (!header) throw std::runtime_error("the received data is not a stream of files");
        return header->file ? transfer::receive_file(directory, *header, through)
                            : transfer::receive_archive(directory, through);
    };
    co_return co_await transfer::transfer_on_thread(loop_, std::move(work));
}

WEFT_INLINE os::async<std::uint64_t> machine::salvage(std::string directory, std::string path) {
    const std::uint64_t size = transfer::whole_blocks(directory + '/' + path);
    if (size == 0) co_await remove(std::move(directory));
    co_return size;
}

WEFT_INLINE os::async<void> machine::rename(std::string from, std::string to) {
    try {
        const auto parent = std::filesystem::path(to).parent_path();
        if (!std::filesystem::exists(parent)) os::make_private_directory(parent.string());
        if (std::filesystem::exists(std::filesystem::symlink_status(to)))
            throw std::runtime_error("'" + to + "' already exists");
        std::filesystem::rename(from, to);
    } catch (const std::exception& error) {
        throw engine::place_error(error.what());
    }
    co_return;
}

WEFT_INLINE os::async<void> machine::replace(std::vector<os::path_below> arrived, std::string to,
                                             std::vector<std::string> stale, std::string trash) {
    std::string trouble;
    try {
        std::function<void()> work = [&] { os::replace_files(arrived, to, stale, trash); };
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) throw engine::place_error(trouble);
}

WEFT_INLINE os::async<void> machine::remove(std::string path) {
    std::string trouble;
    try {
        // Named, because GCC 12 destroys a temporary function object in a co_await expression twice.
        std::function<void()> work = [path] { os::remove_tree(path); };
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) throw engine::place_error("cannot remove " + path + ": " + trouble);
}

WEFT_INLINE os::async<void> machine::remove_if_empty(std::string directory) {
    ::rmdir(directory.c_str());
    co_return;
}

WEFT_INLINE os::async<bool> machine::intact(std::string scratch) {
    bool whole = false;
    std::function<void()> work = [&] { whole = os::unchanged_since(scratch, ".weft/exit", ".weft"); };
    try {
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception&) {
        // An unreadable directory is not intact.
    }
    co_return whole;
}

WEFT_INLINE os::async<std::string> machine::first_change(std::string scratch) {
    std::string path;
    std::function<void()> work = [&] {
        path = os::changed_since(scratch, ".weft/exit", ".weft").value_or(std::string());
    };
    try {
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception&) {
        // The change stays unknown.
    }
    co_return path;
}

WEFT_INLINE os::async<std::string> machine::seal(std::string scratch) {
    std::string digest;
    if (!os::has_coarse_time(scratch + "/.weft/exit")) co_return digest;
    std::function<void()> work = [&] { digest = os::seal_of(scratch, ".weft/exit", ".weft"); };
    std::string trouble;
    try {
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) throw engine::place_error("cannot traverse " + scratch + ": " + trouble);
    co_return digest;
}

WEFT_INLINE os::async<std::string> machine::tail(std::string file, std::size_t bytes) {
    co_return os::read_tail(file, bytes);
}

WEFT_INLINE os::async<bool> machine::is_full(std::string directory) {
    struct statvfs disk {};
    co_return ::statvfs(directory.c_str(), &disk) == 0 && disk.f_blocks != 0 && disk.f_bavail == 0;
}

}  // namespace weft::local
