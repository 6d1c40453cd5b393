// Expressions as text: errors that point at the place and say what was expected.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/expression.hpp>
#include <tests/support/helpers.hpp>

using namespace autograd;

namespace {

std::string error_of(const std::string& text, const Variables& variables = {}) {
  return helpers::error_of([&] { (void)Expression(text).evaluate(variables); });
}

}  // namespace

TEST_CASE("expression errors: the column, the line and a caret") {
  CHECK(error_of("h = tnah(w*x + b)") ==
        "expression, column 5: unknown function 'tnah'; did you mean 'tanh'?\n"
        "  h = tnah(w*x + b)\n"
        "      ^");
  CHECK(error_of("a = 1;\nb = 2 *\n* 3") ==
        "expression, line 3, column 1: expected a number, a name, a function or '(', but there is "
        "'*'\n"
        "  * 3\n"
        "  ^");
  CHECK(error_of("1 +") ==
        "expression, column 4: expected a number, a name, a function or '(', but the text ends "
        "here\n"
        "  1 +\n"
        "     ^");
  CHECK(error_of("θ = 1; θ θ") ==
        "expression, column 10: expected an operator between 'θ' and 'θ'; a product is written "
        "with a star: θ*θ\n"
        "  θ = 1; θ θ\n"
        "           ^");
  CHECK(error_of("a = x\n  b") ==
        "expression, line 2, column 3: expected an operator or ';' between 'x' and 'b'; the end of "
        "a line does not end a statement, ';' does\n"
        "    b\n"
        "    ^");
}

TEST_CASE("expression errors: a long line is cut around the place") {
  std::string text(300, '(');
  text.append("1").append(301, ')').append(100, ' ');
  const std::string error = error_of(text);
  CHECK(helpers::contains(error, "column 602: ')' closes nothing"));
  CHECK(error.size() < 300);
  CHECK(helpers::contains(error, "\n  ..."));
}

TEST_CASE("expression errors: what was expected") {
  struct Case {
    const char *text, *column, *part;
  };
  for (const Case& each : std::vector<Case>{
           {"2x", "column 2", "between '2' and 'x'; a product is written with a star: 2*x"},
           {"2 (3)", "column 3", "a product is written with a star: 2*("},
           {"(2)(3)", "column 4", "between ')' and '('"},
           {"x(3)", "column 1", "unknown function 'x'; a product is written with a star: x*("},
           {"(1 + 2", "column 7", "expected ')' for the '(' at column 1, but the text ends here"},
           {"sin(1", "column 6", "expected ')' for the 'sin(' at column 1"},
           {"[1, 2", "column 6", "expected ']' for the '[' at column 1"},
           {"(1]", "column 3", "expected ')' for the '(' at column 1, but there is ']'"},
           {"[1)", "column 3", "expected ']' for the '['"},
           {"1)", "column 2", "')' closes nothing"},
           {"(1; 2)", "column 3", "expected ')' for the '(' at column 1, but there is ';'"},
           {"1 ? 2", "column 6", "expected ':' for the '?' at column 3, but the text ends here"},
           {"(1 ? 2) : 3", "column 7", "expected ':' for the '?' at column 4, but there is ')'"},
           {"1 : 2", "column 3", "':' without a '?'"},
           {"1, 2", "column 2", "a ',' stands between the arguments of a function"},
           {"(1, 2)", "column 3", "a ',' stands between the arguments of a function"},
           {"1 < 2 < 3", "column 7", "comparisons do not chain"},
           {"1 == 2 != 3", "column 8", "comparisons do not chain"},
           {"pi = 3", "column 1", "'pi' is a constant and cannot be assigned"},
           {"e = 3", "column 1", "'e' is a constant and cannot be assigned"},
           {"x + 1 = 2", "column 7", "to compare, write =="},
           {"a = b = 2", "column 7", "to compare, write =="},
           {"", "column 1", "expected an expression, but there is none"},
           {"  # nothing", "column 12", "expected an expression"},
           {"sin()", "column 1", "'sin' takes 1 argument, but 0 are given"},
           {"sin(1, 2)", "column 1", "'sin' takes 1 argument, but 2 are given"},
           {"pow(2)", "column 1", "'pow' takes 2 arguments, but 1 are given"},
           {"dot([1])", "column 1", "'dot' takes 2 or 3 arguments, but 1 are given"},
           {"sum(1, 2)", "column 1", "a vector is written in brackets: sum([x, y, z])"},
           {"sum(1)", "column 1", "'sum' takes a vector, but argument 1 is a number"},
           {"sin 2", "column 5", "expected '(' behind the function 'sin', but there is '2'"},
           {"[]", "column 2", "expected a number, a name"},
           {"[[1]]", "column 1", "a vector holds numbers, not vectors"},
           {"[1, 2]", "column 1", "the result is a vector of 2 elements"},
           {"[1, 2][2]", "column 7", "there is no element 2: this vector has 2, counted from 0"},
           {"[1, 2][0.5]", "column 8", "expected a whole number"},
           {"[1, 2][n]", "column 8", "expected a whole number"},
           {"1[0]", "column 2", "this is a number and has no elements"},
           {"[1, 2] + [1, 2, 3]", "column 8", "these vectors have 2 and 3 elements"},
           {"0x", "column 3", "expected hexadecimal digits after 0x"},
           {"0x-1", "column 3", "expected hexadecimal digits after 0x"},
           {"1e999", "column 1", "too large or too small for a double"},
           {"1e-999", "column 1", "too large or too small for a double"},
           {"2 − 1", "column 3", "'−' is not a sign of an expression; type - instead"},
           {"x²", "column 2", "type ^2 instead"},
           {"a & b", "column 3", "type * (of two comparisons) instead"},
           {"1 $ 2", "column 3", "'$' is not part of an expression"},
           {"1 \x01", "column 3", "a control character"},
           {"1 \xff", "column 3", "no character of UTF-8"},
           {"1 + x.y", "column 6", "expected an operator, ';' or the end, but there is '.'"},
       }) {
    CAPTURE(each.text);
    const std::string error = error_of(each.text);
    CHECK_MESSAGE(helpers::contains(error, std::string(each.column) + ":"), error);
    CHECK_MESSAGE(helpers::contains(error, each.part), error);
  }
}

TEST_CASE("expression errors: an unknown name suggests the nearest") {
  const Variables variables{{"weight", 1.0}, {"bias", 2.0}};
  CHECK(helpers::contains(error_of("wieght * 2", variables),
                          "column 1: unknown name 'wieght'; did you mean 'weight'?"));
  CHECK(helpers::contains(error_of("net = weight; nte + 1", variables), "did you mean 'net'?"));
  CHECK(helpers::contains(error_of("x * 2", variables), "unknown name 'x'\n"));
  CHECK(helpers::contains(error_of("ln(2)"), "unknown function 'ln'; did you mean 'log'?"));
  CHECK(helpers::contains(error_of("arctan(2)"), "did you mean 'atan'?"));
  CHECK(helpers::contains(error_of("sigmoidd(2)"), "did you mean 'sigmoid'?"));
  CHECK(helpers::contains(error_of("frobnicate(2)"), "unknown function 'frobnicate'\n"));
  std::string long_name(100'000, 'q');
  CHECK(helpers::contains(error_of(long_name.append("(2)")), "unknown function 'qqq"));
}

TEST_CASE("expression errors: variables with the name of a constant, and failed statements") {
  Variables variables{{"pi", 3.0}};
  CHECK(helpers::contains(error_of("1", variables), "'pi' has the name of a constant"));
  variables = {{"x", 3.0}};
  CHECK_THROWS_AS((void)Expression("y = x; y + z").evaluate_into(variables), Error);
  CHECK(variables.size() == 1);
}
