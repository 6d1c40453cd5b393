// Expressions as text: random ones mean what their tree means, and random characters are an Error
// at worst.

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/expression.hpp>
#include <tests/support/helpers.hpp>

using namespace autograd;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return static_cast<std::size_t>(random() % n); }

// An expression as it is written, and what it is worth.
struct Sample {
  std::string text;
  int strength;  // of its last operator: 9 for what needs no brackets
  double value;
};

// As the operation: NaN to the power of 0 is NaN.
double power(double x, double y) { return std::isnan(x) || std::isnan(y) ? x + y : std::pow(x, y); }

std::string bracketed_if(bool needed, const std::string& text) {
  return needed ? "(" + text + ")" : text;
}

std::string blank(Random& random) {
  constexpr std::string_view kBlanks[] = {"", "", " ", "  ", "\n", " # a comment\n"};
  return std::string(kBlanks[below(random, std::size(kBlanks))]);
}

// No bracket is written that the table of strengths in expression.hpp does not ask for.
Sample random_sample(Random& random, int depth) {
  if (depth == 0 || below(random, 5) == 0) {
    const auto n = static_cast<double>(below(random, 9));
    if (below(random, 2) == 0) return {"v", 9, 0.75};
    return {std::to_string(static_cast<int>(n)) + ".5", 9, n + 0.5};
  }
  const Sample a = random_sample(random, depth - 1);
  const auto binary = [&](const char* sign, int strength, bool to_the_right, auto f) {
    const Sample b = random_sample(random, depth - 1);
    const bool chains = strength == 2 || strength == 3;
    // A minus in front may stand to the right of any operator.
    const bool is_minus = b.strength == 6;
    const std::string left = bracketed_if(
        a.strength < strength || (a.strength == strength && (to_the_right || chains)), a.text);
    const std::string right = bracketed_if(
        !is_minus && (b.strength < strength || (b.strength == strength && !to_the_right)), b.text);
    return Sample{left + blank(random) + sign + blank(random) + right, strength,
                  f(a.value, b.value)};
  };
  switch (below(random, 12)) {
    case 0:
      return binary("+", 4, false, [](double x, double y) { return x + y; });
    case 1:
      return binary("-", 4, false, [](double x, double y) { return x - y; });
    case 2:
      return binary("*", 5, false, [](double x, double y) { return x * y; });
    case 3:
      return binary("/", 5, false, [](double x, double y) { return x / y; });
    case 4:
      return binary("^", 7, true, power);
    case 5:
      return binary("**", 7, true, power);
    case 6:
      return binary("<", 3, false, [](double x, double y) { return x < y ? 1.0 : 0.0; });
    case 7:
      return binary("==", 2, false, [](double x, double y) { return x == y ? 1.0 : 0.0; });
    case 8:
      return {"-" + bracketed_if(a.strength < 6, a.text), 6, -a.value};
    case 9:
      return {"tanh(" + a.text + ")", 9, std::tanh(a.value)};
    case 10:
      return {"[0, " + a.text + "][1]", 9, a.value};
    default: {
      const Sample b = random_sample(random, depth - 1), c = random_sample(random, depth - 1);
      return {
          bracketed_if(a.strength <= 1, a.text) + " ?" + blank(random) + b.text + " : " + c.text, 1,
          a.value != 0 ? b.value : c.value};
    }
  }
}

bool is_same(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || x == y ||
         std::fabs(x - y) <= 1e-12 * std::fmax(std::fabs(x), std::fabs(y));
}

}  // namespace

TEST_CASE("expression fuzz: a tree written with the fewest brackets is read as that tree") {
  Random random(20261128);
  for (std::uint64_t i = 0; i < helpers::cases(20'000); ++i) {
    const Sample sample = random_sample(random, 5);
    CAPTURE(sample.text);
    const Expression expression(sample.text);
    const Value v(0.75, "v");
    CHECK(is_same(expression.evaluate({{"v", v}}).data(), sample.value));
    CHECK(is_same(expression.evaluate({{"v", Value::constant(0.75)}}).data(), sample.value));
  }
}

TEST_CASE("expression fuzz: words and bytes in any order are an expression or an Error") {
  constexpr std::string_view kWords[] = {
      "a",   "bb", "sin", "dot", "sum", "softmax", "select", "pi", "e",  "1", "2.5",  "0x1p3",
      "1e9", "(",  ")",   "[",   "]",   ",",       ";",      "?",  ":",  "=", "==",   "!=",
      "<",   "<=", ">",   "+",   "-",   "*",       "/",      "^",  "**", "#", "\n",   " ",
      "//",  ".",  "0x",  "θ",   "−",   "\xff",    "\x01",   "$",  "&",  "_", "9e999"};
  Random random(7);
  std::uint64_t understood = 0;
  for (std::uint64_t i = 0; i < helpers::cases(50'000); ++i) {
    std::string text;
    const bool of_bytes = below(random, 5) == 0;
    for (std::size_t k = below(random, 16); k-- > 0;) {
      if (of_bytes) {
        text += static_cast<char>(below(random, 256));
      } else {
        text += kWords[below(random, std::size(kWords))];
      }
    }
    CAPTURE(text);
    try {
      const Expression expression(text);
      ++understood;
      (void)expression.evaluate({{"a", 0.5}, {"bb", leaves({1.0, 2.0})}});
    } catch (const Error& error) {
      const std::string_view message = error.what();
      CHECK(message.starts_with("expression, "));
      CHECK(message.size() < 600);
    }
  }
  CHECK(understood > 100);
}
