// SPDX-License-Identifier: MIT
// Any output of a host's resident shell, in chunks of any size: only whole lines are accepted, none longer
// than the limit, and the parsed fields are parts of the line.
#include <weft/remote/line_cutter.hpp>
#include <weft/remote/resident_shell.ipp>

#include "expect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using fuzz::expect;
using namespace weft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view nonce = "n0nce";
    constexpr std::size_t longest = 64;
    if (size < 2) return 0;
    const std::size_t step = 1 + data[0] % 32;
    const std::string stream(reinterpret_cast<const char*>(data) + 1, size - 1);

    std::vector<std::string> expected;
    for (std::size_t start = 0, end; (end = stream.find('\n', start)) != stream.npos; start = end + 1)
        if (end - start <= longest) expected.push_back(stream.substr(start, end - start));

    std::vector<std::string> lines;
    remote::detail::line_cutter cutter(longest);
    for (std::size_t at = 0; at < stream.size(); at += step) {
        const std::string piece = stream.substr(at, step);
        cutter.take(piece, [&](std::string line) { lines.push_back(std::move(line)); });
    }
    expect(lines == expected, "the lines are those of the stream", stream);

    for (const std::string& line : lines) {
        const remote::resident::line read = remote::resident::parse(nonce, line);
        expect(read.payload.size() <= line.size(), "a payload is part of its line", line);
        if (read.kind.empty()) continue;
        expect(line.find(nonce) != line.npos, "without the nonce a line is noise", line);
        expect(read.kind == "ok" || read.kind == "err" || read.kind == "end" || read.kind == "done",
               "there are four kinds of line", line);
        // As an answer to a request for files: no accepted path leads out of the directory.
        for (const char* pattern : {"a/*.nc", "*", "[a-c]/x", "f"}) {
            const bool glob = std::string_view(pattern) != "f";
            if (!remote::resident::answers(pattern, glob, read.payload)) continue;
            if (glob && !text::matches_glob(pattern, read.payload)) continue;  // like `match`
            expect(read.payload.front() != '/', "a path is not absolute", read.payload);
            expect(('/' + read.payload + '/').find("/../") == std::string::npos, "it stays below",
                   read.payload);
            expect(std::count(read.payload.begin(), read.payload.end(), '/') <= 1, "as deep as the pattern");
        }
    }
    return 0;
}
