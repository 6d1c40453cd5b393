// Networks exported as JavaScript: run by node, where it is there, they give what the network says.

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/text.hpp>
#include <nn/nn.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_files.hpp>

namespace {

nn::Model model_with(const nn::Activation& activation) {
  nn::Mlp net({2, 3, 1}, activation, nn::Activation::identity, /*seed=*/3);
  return {.net = net};
}

}  // namespace

TEST_CASE("export to JavaScript: every activation there is") {
  if (std::system("command -v node > /dev/null 2>&1") != 0) {
    MESSAGE("node is not installed: the JavaScript is not run");
    return;
  }
  const files::Folder folder;
  const std::vector<std::vector<double>> rows{{0.5, 0.25}, {-1, 2}, {0.125, -0.75}};
  std::vector<double> expected;
  std::ofstream program(folder.path / "p.js");
  std::size_t number = 0;
  for (const std::string_view name : nn::Activation::names()) {
    const nn::Model model = model_with(nn::Activation::named(name));
    const std::string function = "f" + std::to_string(number++);
    program << nn::to_javascript(model, function);
    for (const std::vector<double>& row : rows) {
      expected.push_back(model.predict(row)[0]);
      program << "console.log(" << function << "([" << autograd::text::shortest(row[0]) << ", "
              << autograd::text::shortest(row[1]) << "])[0]);\n";
    }
  }
  program.close();
  const std::string out = (folder.path / "out.txt").string();
  REQUIRE(std::system(("node '" + (folder.path / "p.js").string() + "' > '" + out + "'").c_str()) ==
          0);
  std::istringstream lines(golden::read(out));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::string line;
    REQUIRE(std::getline(lines, line));
    CAPTURE(nn::Activation::names()[i / rows.size()]);
    if (std::isnan(expected[i])) {
      CHECK(line == "NaN");
    } else if (std::isinf(expected[i])) {
      CHECK(line == (expected[i] > 0 ? "Infinity" : "-Infinity"));
    } else {
      CHECK(std::strtod(line.c_str(), nullptr) == doctest::Approx(expected[i]).epsilon(1e-11));
    }
  }
}

TEST_CASE(
    "export to JavaScript: functions that Math lacks are written once, before the exported one") {
  const nn::Mlp net({1, 2, 2, 1}, nn::Activation::gelu, nn::Activation::identity, /*seed=*/1);
  const std::string text = nn::to_javascript(nn::Model{.net = net}, "f");
  const auto definition = text.find("const f_gelu = (() => {");
  REQUIRE(definition != std::string::npos);
  CHECK(text.find("const f_gelu", definition + 1) == std::string::npos);
  CHECK(definition < text.find("function f(x) {"));
  CHECK(nn::to_javascript(model_with(nn::Activation::tanh), "f").find("const f_") ==
        std::string::npos);
  CHECK(helpers::contains(
      helpers::error_of([] { (void)autograd::java_script_of("no such operation"); }),
      "no such operation"));
}
