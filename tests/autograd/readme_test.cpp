// Code in documents is code that compiles and runs.

#include <filesystem>
#include <regex>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/documents.hpp>
#include <tests/support/paths.hpp>

namespace fs = std::filesystem;
using documents::code_blocks;
using documents::text_of;

TEST_CASE("readme: its program is examples/first.cpp") {
  CHECK(code_blocks("README.md").at(0) == text_of("examples/first.cpp"));
}

TEST_CASE("readme: files that documents name are there") {
  const fs::path root = paths::source();
  // `autograd/value.hpp`, and the target of [a link](autograd/README.md).
  const std::regex path("`((?:autograd|nn|tests|examples|tools)/[a-z0-9_/.-]+)`");
  const std::regex link(R"(\]\(([a-zA-Z0-9_.-]*[./][a-zA-Z0-9_./-]*)(?:#[^)]*)?\))");
  int named = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const fs::path document = entry.path().lexically_relative(root);
    const bool is_built = document.begin()->string().starts_with("build");
    if (document.extension() != ".md" || is_built) continue;
    const std::string text = text_of(document.generic_string());
    const auto check = [&](const std::regex& pattern, const fs::path& from) {
      for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i, ++named)
        CHECK_MESSAGE(fs::exists(root / from / (*i)[1].str()), document.string(), " names ",
                      (*i)[1].str());
    };
    check(path, "");
    check(link, document.parent_path());
  }
  CHECK(named > 100);
}
