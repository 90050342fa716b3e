// SPDX-License-Identifier: MIT
#include <weft/os/sha256.hpp>

#include <catch2/catch.hpp>

#include <string>

using weft::os::sha256;

namespace {

std::string sum_of(std::string_view text) {
    sha256 sum;
    sum.add(text);
    return sum.hex();
}

}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
    CHECK(sum_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sum_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sum_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sum_of(std::string(1000000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 does not depend on how its input is split") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
    const std::string whole = sum_of(text);
    for (const std::size_t piece : {1u, 3u, 55u, 56u, 63u, 64u, 65u, 127u, 200u}) {
        sha256 sum;
        for (std::size_t at = 0; at < text.size(); at += piece)
            sum.add(std::string_view(text).substr(at, piece));
        CHECK(sum.hex() == whole);
    }
}
