#include "tests/support/compiled_functions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include <doctest/doctest.h>

#include <autograd/cpp.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/nn_files.hpp>
#include <tests/support/paths.hpp>

namespace compiled_functions {

Numbers eager(const Case& c) {
  const std::vector<Value> p(c.at_p.begin(), c.at_p.end()), x(c.at_x.begin(), c.at_x.end());
  const Value y = c.f(p, x);
  y.backward();
  Numbers result{y.data(), y.data()};
  for (const Value& each : p) result.push_back(each.grad());
  for (const Value& each : x) result.push_back(each.grad());
  return result;
}

namespace {

std::string array(const std::string& name, const Numbers& numbers) {
  std::string result = "  double " + name + "[] = {";
  for (const double x : numbers) result += autograd::cpp::literal(x) + ", ";
  return result + "0};\n";
}

}  // namespace

std::vector<Numbers> compiled(const std::vector<Case>& cases, const std::string& options) {
  const files::Folder in;
  std::string main = "#include <cmath>\n#include <cstdio>\n", calls;
  for (const Case& c : cases) {
    const autograd::Function f = autograd::Function::trace(c.f, c.p, c.x);
    std::ofstream(in.path / (c.name + ".hpp")) << f.to_cpp(c.name);
    main += "#include \"" + c.name + ".hpp\"\n";
    Numbers dp(c.p.size(), 7), dx(c.x.size(), 7);  // is written over
    calls += "{\n" + array("p", c.at_p) + array("x", c.at_x) + array("dp", dp) + array("dx", dx) +
             "  std::printf(\"%a \", " + c.name + "(p, x));\n  std::printf(\"%a \", " + c.name +
             "(p, x, dp, dx));\n";
    for (const auto& [name, count] : {std::pair{"dp", dp.size()}, std::pair{"dx", dx.size()}})
      calls += "  for (int i = 0; i < " + std::to_string(count) + "; ++i) std::printf(\"%a \", " +
               name + "[i]);\n";
    calls += "  std::printf(\"\\n\");\n}\n";
  }
  files::write(in.path / "main.cpp", main + "int main() {\n" + calls + "}\n");
  const std::string program = (in.path / "main").string(), out = (in.path / "out").string();
  REQUIRE(std::system(("'" + paths::compiler() + "' -std=c++17 -Wall -Wextra -Werror " + options +
                       " -ffp-contract=off '" + program + ".cpp' -o '" + program + "' && '" +
                       program + "' > '" + out + "'")
                          .c_str()) == 0);
  std::vector<Numbers> result;
  std::istringstream lines(golden::read(out));
  for (std::string line; std::getline(lines, line);) {
    Numbers numbers;
    std::istringstream words(line);
    for (std::string word; words >> word;) numbers.push_back(std::strtod(word.c_str(), nullptr));
    result.push_back(numbers);
  }
  return result;
}

void check(const std::vector<Case>& cases, double tolerance, const std::string& options) {
  const std::vector<Numbers> results = compiled(cases, options);
  REQUIRE(results.size() == cases.size());
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const Numbers expected = eager(cases[c]);
    CAPTURE(cases[c].name);
    REQUIRE(results[c].size() == expected.size());
    double scale = 1;
    for (const double each : expected)
      if (std::isfinite(each)) scale = std::max(scale, std::abs(each));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      const double given = results[c][i];
      const bool is_same = given == expected[i] || (std::isnan(given) && std::isnan(expected[i]));
      CHECK_MESSAGE((is_same || std::abs(given - expected[i]) <= tolerance * scale),
                    given << " is to be " << expected[i]);
    }
  }
}

Numbers ramp(std::size_t count, double from, double step) {
  Numbers result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(from + step * static_cast<double>(i));
  return result;
}

}  // namespace compiled_functions
