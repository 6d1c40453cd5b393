// Adding an operation is one edit in one file: the one that CONTRIBUTING.md shows is made in a copy
// of the engine, and the rule tests are run on the copy.

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tests/support/compiler.hpp>
#include <tests/support/documents.hpp>

namespace {

namespace fs = std::filesystem;

const std::string kFile = "autograd/ops/activations.hpp";

// What a block of a diff replaces, and with what.
struct Edit {
  std::string before, after;
};

Edit edit_of(const std::string& diff) {
  Edit edit;
  std::istringstream lines(diff);
  for (std::string line; std::getline(lines, line);) {
    const char mark = line.empty() ? ' ' : line[0];
    REQUIRE_MESSAGE((mark == ' ' || mark == '+' || mark == '-'), line);
    const std::string text = (line.empty() ? "" : line.substr(1)) + "\n";
    if (mark != '+') edit.before += text;
    if (mark != '-') edit.after += text;
  }
  return edit;
}

void apply(const Edit& edit, const compiler::Folder& folder) {
  std::string text = folder.read(kFile);
  const auto place = text.find(edit.before);
  REQUIRE_MESSAGE(place != std::string::npos, kFile, " does not have\n", edit.before);
  REQUIRE(text.find(edit.before, place + 1) == std::string::npos);
  folder.write(kFile, text.replace(place, edit.before.size(), edit.after));
}

// The part of the engine that the rule tests need, what Values are made of, as one file.
std::string source_of_values() {
  std::string result;
  const auto add = [&](const std::string& file) { result += "#include <autograd/" + file + ">\n"; };
  for (const char* const file : {"error.cpp", "text.cpp", "value.cpp", "ranges.cpp"}) add(file);
  for (const char* const room : {"system", "ops", "tape", "numbers"}) {
    for (const auto& each : fs::directory_iterator(paths::source("autograd") / room))
      if (each.path().extension() == ".cpp")
        add(std::string(room) + "/" + each.path().filename().string());
  }
  return result;
}

// The rule tests, and what else can be said of mish: it is in the list, and users call it on numbers
// and Values.
const std::string kProgram = R"(
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <tests/autograd/rules_test.cpp>
#include <tests/support/operations.cpp>

TEST_CASE("mish: is called by its name") {
  static_assert(autograd::ops::Elementary::contains<autograd::ops::Mish>);
  const double expected = 0.7 * std::tanh(std::log1p(std::exp(0.7)));
  CHECK(autograd::mish(0.7) == doctest::Approx(expected));
  autograd::Value x = 0.7, y = mish(x);
  y.backward();
  CHECK(y.op() == "mish");
  CHECK(x.grad() == doctest::Approx(
      (autograd::mish(0.7 + 1e-6) - autograd::mish(0.7 - 1e-6)) / 2e-6));
}
)";

}  // namespace

TEST_CASE("adding an operation: the edit in CONTRIBUTING.md is all it takes") {
  const std::vector<std::string> diffs = documents::code_blocks("CONTRIBUTING.md", "diff");
  REQUIRE(diffs.size() == 1);

  const compiler::Folder folder;
  fs::copy(paths::source("autograd"), folder / "autograd", fs::copy_options::recursive);
  apply(edit_of(diffs[0]), folder);
  folder.write("values.cpp", source_of_values());
  folder.write("program.cpp", kProgram);
  CHECK(folder.compile("-o program program.cpp values.cpp -pthread") == "");
  const std::string report = folder.run("./program");
  CHECK_MESSAGE(report.find("SUCCESS") != std::string::npos, report);
}
