// SPDX-License-Identifier: MIT
#include <weft/backend/resident_shell.hpp>
#include <weft/backend/runner_script.hpp>
#include <weft/os/process.hpp>
#include <weft/run/backend.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace os = weft::os;
namespace fs = std::filesystem;
namespace resident = weft::backend::resident;

namespace {

const std::vector<std::vector<std::string>> posix_shells{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}};

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

// Else one of them could make its mark again in the scratch of a task that has just removed it.
TEST_CASE("of several shells that are woken at once, one reads a job") {
    const auto shell = GENERATE(from_range(posix_shells));
    support::temporary_directory base;
    const fs::path jobs = base.path() / "jobs";
    fs::create_directory(jobs);
    std::ofstream(jobs / "runner") << resident::detail::shared_functions << resident::detail::runner;
    for (const char* job : {"0", "1"})
        std::ofstream(jobs / job) << "echo " << job << " >>" << jobs / "read"
                                  << "; sleep 0.1; weft_mine=yes\n";
    std::ofstream(jobs / "range") << "0 2 0 2\n";
    const fs::path tokens = jobs / "tokens";
    REQUIRE(::mkfifo(tokens.c_str(), 0600) == 0);
    os::descriptor feeder(::open(tokens.c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(::write(feeder.get(), "\n\n\n", 3) == 3);

    std::vector<std::unique_ptr<os::process>> runners;
    for (int i = 0; i < 3; ++i) {
        const os::descriptor input(::open(tokens.c_str(), O_RDONLY | O_CLOEXEC));
        os::process_start start;
        start.arguments = shell;
        const std::string file = (jobs / "runner").string();
        start.arguments.insert(start.arguments.end(),
                               {file, "nonce", "boot", "022", "sh", jobs.string(), "0", ""});
        start.environment = os::environment_with({});
        start.input = input.get();
        runners.push_back(std::make_unique<os::process>(start));
    }
    feeder = {};
    for (const auto& runner : runners) runner->reap();
    const std::string read = content(jobs / "read");
    CHECK((read == "0\n1\n" || read == "1\n0\n"));
}
