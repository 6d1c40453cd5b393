// The slots of comments, `Throws:`, `Cost:` and the like, are spelled in one way and start their line.

#include <filesystem>
#include <regex>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/documents.hpp>

namespace fs = std::filesystem;

namespace {

// The first line of `text` that has a slot where none may be, or in another spelling; or nothing.
std::string wrong_line(const std::string& text) {
  static const std::regex slot("^ *// *(Shapes|Gradient|Requires|Throws|Cost|Source): .*");
  static const std::regex like_a_slot(
      "//.*\\b(Shapes?|Gradients?|Requires|Throws?|Errors?|Costs?|Sources?)( "
      "\\([a-z]*\\))?:(?!:).*");
  static const std::regex begins_like_one("^ *// *Errors? (if|unless).*");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("//") == std::string::npos || std::regex_match(line, slot)) continue;
    if (std::regex_search(line, like_a_slot) || std::regex_match(line, begins_like_one))
      return line;
  }
  return "";
}

}  // namespace

TEST_CASE("comments: slots are spelled in one way and start their line") {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(AUTOGRAD_SOURCE_DIR "/nn")) {
    if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
    ++files;
    const std::string path = entry.path().lexically_relative(AUTOGRAD_SOURCE_DIR).string();
    CHECK_MESSAGE(wrong_line(documents::text_of(path)).empty(), path);
  }
  CHECK(files > 50);
}

TEST_CASE("comments: what is wrong is found") {
  CHECK(wrong_line("// Throws: Error if a is b.\n  // Cost:   linear.\n").empty());
  CHECK(wrong_line("int x;  // a number\nusing a::Throws;\n").empty());
  for (const char* wrong :
       {"// Throw: Error.", "// Throw (all): Error.", "  // Errors: none.",
        "// Two words. Throws: Error.", "// Error if a is b.", "// Costs: 1."}) {
    CHECK_MESSAGE(!wrong_line(wrong).empty(), wrong);
  }
}
