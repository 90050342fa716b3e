// SPDX-License-Identifier: MIT
// Where a run creates its own temporary files: in the scratch directories, never in TMPDIR, which may be full
// or missing.
#include <weft/os/scratch_files.hpp>
#include <weft/weft.hpp>

#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

using namespace weft;
namespace fs = std::filesystem;
using support::content;

namespace {

/// A directory that is this process's TMPDIR from `watch` on, and shows whether a file was created in it
/// since.
class watched_directory {
public:
    watched_directory() = default;
    watched_directory(const watched_directory&) = delete;
    watched_directory& operator=(const watched_directory&) = delete;
    ~watched_directory() { ::unsetenv("TMPDIR"); }

    void watch() {
        fs::last_write_time(at_.path(), long_ago_);
        ::setenv("TMPDIR", path().c_str(), 1);
    }
    std::string path() const { return at_.path().string(); }
    bool touched() const { return fs::last_write_time(at_.path()) != long_ago_; }

private:
    support::temporary_directory at_;
    fs::file_time_type long_ago_ = fs::file_time_type::clock::now() - std::chrono::hours(100);
};

}  // namespace

TEST_CASE("directories are moved between machines, and to the results, without a file in TMPDIR") {
    constexpr auto flow =
        workflow<"temporary">(host<"edge">, task<"far">(sh<"mkdir d; echo far > d/f">) | on<"edge">,
                              task<"near">(sh<"cp -R workflow:///far/d d">) | collect<"d">,
                              task<"back">(sh<"cat workflow:///near/d/* > f">) | on<"edge"> | collect<"f">);
    const support::temporary_directory base;
    watched_directory temporary;
    const support::sshd server({}, 1, "TMPDIR=" + temporary.path());
    options how;
    how.hosts = {{"edge", server.binding()}};
    how.hosts[0].host.scratch = (base.path() / "edge").string();
    how.scratch = (base.path() / "here").string();
    how.results = (base.path() / "results").string();
    temporary.watch();
    const report result = run(flow, how);
    INFO(result["near"].reason << result["back"].reason);
    CHECK(result.ok());
    CHECK(content(base.path() / "results/near/d/f") == "far\n");
    CHECK(content(base.path() / "results/back/f") == "far\n");
    CHECK_FALSE(temporary.touched());
    // Nothing is left beside the run's directory.
    CHECK(std::distance(fs::directory_iterator(base.path() / "edge"), fs::directory_iterator()) == 1);
}

TEST_CASE("a file without a name is created in a directory, or in its nearest existing parent") {
    const support::temporary_directory base;
    watched_directory temporary;
    const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(100);
    fs::last_write_time(base.path(), long_ago);
    temporary.watch();
    const os::descriptor file = os::unnamed_file((base.path() / "a/b").string());
    os::write_all(file, "some");
    CHECK(os::read_tail(file, 4) == "some");
    CHECK(fs::last_write_time(base.path()) != long_ago);
    CHECK(fs::is_empty(base.path()));
    CHECK_FALSE(temporary.touched());
}
