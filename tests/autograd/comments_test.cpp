// The slots of comments, such as `Throws:` and `Cost:`, are spelled in one way and start their line.

#include <array>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <tests/support/documents.hpp>
#include <tests/support/paths.hpp>

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 6> kSlots{
    "Shapes:", "Gradient:", "Requires:", "Throws:", "Cost:", "Source:"};
constexpr std::array<std::string_view, 14> kOtherSpellings{
    "Shape:", "Gradients:",  "Requirements:", "Throw:",  "Error:",   "Errors:",    "Error if",
    "Costs:", "Complexity:", "Time:",         "Memory:", "Sources:", "Reference:", "References:"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':'; }

// Where `slot` stands in a comment as words of their own, not as a part of a name as in a::Cost::b.
std::size_t find(std::string_view comment, std::string_view slot) {
  for (std::size_t at = comment.find(slot); at != std::string_view::npos;
       at = comment.find(slot, at + 1)) {
    const std::size_t end = at + slot.size();
    const bool begins = at == 0 || !is_letter(comment[at - 1]);
    if (begins && (end == comment.size() || !is_letter(comment[end]))) return at;
  }
  return std::string_view::npos;
}

// What is wrong with a line of code, or nothing.
std::string fault(std::string_view line) {
  const std::size_t start = line.find("//");
  if (start == std::string_view::npos) return "";
  const bool is_alone = line.find_first_not_of(' ') == start;
  const std::string_view comment = line.substr(start + 2);
  const std::size_t first = comment.find_first_not_of(' ');
  for (const std::string_view slot : kSlots) {
    const std::size_t at = find(comment, slot);
    if (at != std::string_view::npos && (at != first || !is_alone))
      return std::string(slot) + " does not start its line";
  }
  for (const std::string_view other : kOtherSpellings)
    if (find(comment, other) == first && first != std::string_view::npos)
      return "'" + std::string(other) + "' is not how a slot is spelled";
  return "";
}

// "file:line: what is wrong" for every fault.
std::vector<std::string> faults(const std::string& path, const std::string& text) {
  std::vector<std::string> result;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (const std::string why = fault(line); !why.empty())
      result.push_back(path + ':' + std::to_string(number) + ": " + why);
  }
  return result;
}

}  // namespace

TEST_CASE("comments: slots are spelled in one way and start their line") {
  std::size_t files = 0;
  for (const char* folder : {"autograd", "nn", "examples", "tools"}) {
    const fs::path root = paths::source(folder);
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
      ++files;
      const std::string path = entry.path().lexically_relative(paths::source()).string();
      for (const std::string& each : faults(path, documents::text_of(path))) FAIL_CHECK(each);
    }
  }
  CHECK(files > 150);
}

TEST_CASE("comments: what is wrong is found, with file and line") {
  CHECK(faults("a.hpp", "// Throws: Error if a is b.\n  // Cost: linear.\n").empty());
  CHECK(faults("a.hpp", "int x;  // a number\nusing a::Throws;  // a::Cost::x, costs\n").empty());
  CHECK(faults("a.hpp", "int x;\n// Sum. Throws: Error.\n") ==
        std::vector<std::string>{"a.hpp:2: Throws: does not start its line"});
  CHECK(faults("a.hpp", "int x;  // Cost: linear.\n").size() == 1);
  for (const char* wrong : {"// Throw: Error.", "  // Errors: none.", "// Error if a is b.",
                            "// Costs: 1.", "// Complexity: 1."})
    CHECK_MESSAGE(faults("a.hpp", wrong).size() == 1, wrong);
}
