#include "tests/support/golden.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

#include <tests/support/paths.hpp>

namespace golden {

namespace {

// The first line that differs, in both texts.
std::string difference(const std::string& text, const std::string& expected) {
  std::istringstream lines(text), expected_lines(expected);
  std::string line, expected_line;
  for (int i = 1;; ++i) {
    const bool is_there = static_cast<bool>(std::getline(lines, line));
    const bool is_expected = static_cast<bool>(std::getline(expected_lines, expected_line));
    if (!is_there) line = "(end)";
    if (!is_expected) expected_line = "(end)";
    if (line == expected_line && is_there) continue;
    return "line " + std::to_string(i) + "\n     is: " + line + "\n    was: " + expected_line;
  }
}

}  // namespace

void check_file(const std::filesystem::path& file, const std::string& text) {
  const auto path = paths::source() / file;
  const char* const update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  const std::string expected = read(path);
  const bool is_as_expected = text == expected;
  CHECK_MESSAGE(is_as_expected, path.string(), " (UPDATE_GOLDEN=1 writes it), ",
                difference(text, expected));
}

void check(const std::string& name, const std::string& text) {
  check_file(std::filesystem::path("tests") / "golden" / name, text);
}

}  // namespace golden
