// Code in documents is code that compiles and runs.

#include <doctest/doctest.h>

#include <tests/support/documents.hpp>

using documents::code_blocks;
using documents::text_of;

TEST_CASE("readme: its program is examples/first.cpp") {
  CHECK(code_blocks("README.md").at(0) == text_of("examples/first.cpp"));
}

TEST_CASE("readme: the softplus of CONTRIBUTING.md is the one in ops.hpp") {
  const std::string block = code_blocks("CONTRIBUTING.md").at(0);
  REQUIRE(block.find("struct Softplus") != std::string::npos);
  CHECK(text_of("autograd/ops.hpp").find(block) != std::string::npos);
}
