#include "tests/support/documents.hpp"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include <tests/support/paths.hpp>

namespace documents {

std::string text_of(const std::string& path) {
  std::ifstream in(paths::source(path));
  REQUIRE_MESSAGE(in.good(), path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> code_blocks(const std::string& path, const std::string& language) {
  const std::string text = text_of(path), opening = "```" + language + "\n";
  std::vector<std::string> result;
  for (auto begin = text.find(opening); begin != std::string::npos;) {
    begin += opening.size();
    const auto end = text.find("```", begin);
    REQUIRE_MESSAGE(end != std::string::npos, path);
    result.push_back(text.substr(begin, end - begin));
    begin = text.find(opening, end);
  }
  return result;
}

std::string without_indentation(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find_first_not_of(' ');
    if (first != std::string::npos) result.append(line, first).append("\n");
  }
  return result;
}

void check_code_is_tested(const std::string& document, const std::string& source) {
  const std::string tested = without_indentation(text_of(source));
  const std::vector<std::string> blocks = code_blocks(document);
  CHECK(!blocks.empty());
  for (const std::string& block : blocks)
    CHECK_MESSAGE(tested.find(without_indentation(block)) != std::string::npos, document, ":\n",
                  block);
}

}  // namespace documents
