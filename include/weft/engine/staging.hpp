// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/observer.hpp>
#include <weft/engine/place.hpp>
#include <weft/plan/tables.hpp>

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace weft::engine {

/// A task's staged inputs: the links to create in its scratch, and per reference the paths that replace it in
/// the command.
struct staged_inputs {
    std::vector<link> links;
    std::vector<std::vector<std::string>> paths;
};

/// Stages a task's inputs in at its place before it starts. A file that several tasks of one place need is
/// copied once: the first task starts the copy, the others wait for it and link to it.
class staging {
public:
    /// `here` is the controlling machine's place. Each session of the run names its copies differently: a
    /// transfer of an earlier session may still be cleaning up. Relative inputs are below `directory`.
    staging(const plan::view& plan, stager& mover, place& here, observer& listener, unsigned session,
            std::string directory);

    /// Where a finished task's files are.
    struct source {
        place* at = nullptr;
        std::string scratch;
    };

    /// Stages in the references and the declared inputs of `task` at `at`, for a scratch directory `scratch`
    /// that does not exist yet. `sources` has a row per task. Throws `place_error`.
    os::async<staged_inputs> stage_in(plan::index task, place& at, std::string scratch,
                                      const std::vector<source>& sources, std::stop_token stop);

    /// After an attempt: what is wrong with its staged inputs; "" when nothing is. A task that alters an
    /// input spoils it for all tasks that are or will be linked to the same file.
    std::string check_inputs(const attempt& what, const outcome& ended);

    /// Removes the copies of `producer`'s files at all places.
    os::async<void> forget(plan::index producer);

    /// Removes all remaining copies; reports failures to the listener.
    os::async<void> forget_all();

private:
    /// A directory at some place that holds staged paths.
    struct copy {
        std::string directory;
        std::vector<std::string> paths;
    };
    using key =
        std::tuple<plan::index, std::string, place*>;  // producer (none: declared inputs), path, place
    using shared_copy = std::shared_ptr<os::completion<copy>>;

    os::async<void> fetch(plan::index consumer, plan::reference reference, place& at, source from,
                          std::stop_token stop, shared_copy into);
    os::async<void> drop(key which);
    os::async<void> drop_spoiled();
    os::async<copy> at_place(plan::index consumer, const plan::reference& reference, place& at,
                             const source& from, std::stop_token stop);
    os::async<copy> input_at_place(plan::index consumer, std::string pattern, place& at,
                                   std::stop_token stop);
    os::async<copy> once(key which, std::string consumer, std::string producer, place& from,
                         std::string from_directory, std::string pattern, bool glob, std::stop_token stop);

    void spoil(const attempt& what, const link& input, std::string file);
    std::string spoiled(const std::string& task, const link& input) const;
    std::string origin(const link& input) const;

    /// A file that was altered after it was staged.
    struct spoiled_file {
        std::string directory;
        std::string path;  ///< the path that was staged
        std::string file;  ///< the altered file, equal to `path` or below it
        std::string task;  ///< the task that altered it
    };

    const plan::view& plan_;
    stager& mover_;
    place& here_;
    observer& listener_;
    std::string directory_;
    std::map<key, shared_copy> copies_;
    std::vector<spoiled_file> spoiled_;
    std::vector<std::pair<place*, std::string>> spoiled_copies_;
    unsigned next_ = 0;  ///< names the directories below `.staged`
};

}  // namespace weft::engine
