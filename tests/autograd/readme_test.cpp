// The README's program is an example, and so it is built, run and compared.

#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(AUTOGRAD_SOURCE_DIR "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("readme: its program is examples/first.cpp") {
  const std::string readme = text_of("README.md"), opening = "```cpp\n";
  const auto begin = readme.find(opening);
  REQUIRE(begin != std::string::npos);
  const auto end = readme.find("```", begin + opening.size());
  CHECK(readme.substr(begin + opening.size(), end - begin - opening.size()) ==
        text_of("examples/first.cpp"));
}

TEST_CASE("readme: the softplus of CONTRIBUTING.md is the one in ops.hpp") {
  const std::string guide = text_of("CONTRIBUTING.md"), opening = "```cpp\n";
  const auto begin = guide.find(opening) + opening.size();
  const std::string block = guide.substr(begin, guide.find("```", begin) - begin);
  REQUIRE(block.find("struct Softplus") != std::string::npos);
  CHECK(text_of("autograd/ops.hpp").find(block) != std::string::npos);
}
