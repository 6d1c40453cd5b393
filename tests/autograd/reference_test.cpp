// autograd/operations.md is written from the list of operations.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ops.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/operations.hpp>

namespace {

namespace ops = autograd::ops;

// A section begins at an operation and ends where the next one begins.
struct Section {
  std::string_view first, title, text;
};
constexpr std::array kSections = {
    Section{
        "add", "Arithmetic",
        "`+=`, `-=`, `*=` and `/=` too. In `s += x * y` and `s += x` the sum grows in place: it "
        "stays one\nnode, `dot` or `sum`, while nothing else names it."},
    Section{"pow", "Powers, exponentials, logarithms", ""},
    Section{"logaddexp", "Logarithms of exponentials, and products with logarithms", ""},
    Section{"sin", "Angles and areas",
            "Angles are in radians. `atan2(x, y)` takes the ordinate first, as `std::atan2` does."},
    Section{"erf", "Error functions and the normal distribution", ""},
    Section{"lgamma", "Gamma functions",
            "The x of `polygamma(x, y)` is a plain whole number, 0 for `digamma`."},
    Section{"sinc", "Quotients without their singularity", ""},
    Section{"step", "Steps, choosing and rounding", ""},
    Section{
        "trunc", "Numbers as they are stored",
        "`fabs` is `abs`, `nearbyint` is `rint`. The rest of `<cmath>` is in `autograd/cmath.hpp`, "
        "made "
        "of these\noperations: `fdim fma hypot(x, y, z) lerp ldexp scalbn frexp modf remquo lround "
        "ilogb isnan signbit` and\nthe like, and `degrees radians smooth_abs smooth_max smooth_min "
        "value_of`."},
    Section{"sigmoid", "Activations",
            "`leaky_relu(x)` is `leaky_relu(x, 0.01)`, `elu(x)` is `elu(x, 1)`; their y is a plain "
            "number."},
    Section{
        "lt", "Comparisons",
        "Values that answer 1 or 0, for `select`. What `x < y`, `x == y` and the like answer is a "
        "plain\n`bool`, decided while recording."},
    Section{
        "select", "Many operands",
        "`x` and `y` are vectors, arrays or spans, or a list in braces with `autograd::` before "
        "the name. Each\nresult is one node with an edge to every operand. `dot` takes plain "
        "numbers on either side;\n`softmax` returns a vector, `squared_norm(x)` is `dot(x, x)`. "
        "`c` is a comparison, or a `bool`, "
        "which chooses while recording.\n`mean_over_rows` is a `mean` whose operands are the rows "
        "of the batch when a `Function` is run."},
};

constexpr std::string_view kIntroduction =
    R"(Every operation of the engine, as `autograd/ops.hpp` defines it. `UPDATE_GOLDEN=1` with the test
`reference` writes this file from there.

Functions are found without `autograd::` before them if an operand is a `Value`; the others may be
plain numbers. x and y are the operands, r is the result, "log" is natural. Derivatives are to x,
then to y. What holds at kinks, edges, infinity and NaN is in [special-values.md](special-values.md),
with how exact the results are.
)";

// Not what only stands in a Function that is recorded, or in a derivative.
bool is_called(std::string_view name) {
  const auto is_named = [&](const ops::Info& info) { return info.name == name; };
  return name != ops::AdjointProduct::info.name && name != ops::RowMean::info.name &&
         std::ranges::none_of(ops::DerivativesOnly::infos, is_named);
}

// The domains of the operands of an elementary operation; nothing for those of many operands.
std::span<const ops::Interval> domains(const ops::Info& info) {
  const auto found = std::ranges::find(operations::all(), info.name,
                                       [](const auto& each) { return each.info.name; });
  return found == operations::all().end() ? std::span<const ops::Interval>{} : found->domain;
}

bool is_operator(const ops::Info& info) {
  return info.symbol.size() == 1 && std::string_view("+-*/").find(info.symbol) != info.symbol.npos;
}

std::string call(const ops::Info& info) {
  const std::string name(info.name);
  if (is_operator(info)) return std::string(info.formula);
  if (name == "select") return "select(c, x, y)";
  if (name == "custom") return "custom(...)";
  return name + (name == "dot" || domains(info).size() == 2 ? "(x, y)" : "(x)");
}

std::string number(double x) {
  std::ostringstream text;
  text << x;
  return text.str();
}

// "x >= 0", or nothing if it is all numbers.
std::string condition(const ops::Interval& domain, const std::string& operand) {
  const bool has_low = std::isfinite(domain.low), has_high = std::isfinite(domain.high);
  std::string result;
  if (has_low && has_high) {
    result = number(domain.low) + " <= " + operand + " <= " + number(domain.high);
  } else if (has_low) {
    result = operand + " >= " + number(domain.low);
  } else if (has_high) {
    result = operand + " <= " + number(domain.high);
  }
  return result;
}

std::string conditions(const ops::Info& info) {
  std::string result, operand = "x";
  for (const ops::Interval& domain : domains(info)) {
    const std::string text = condition(domain, operand);
    if (!text.empty()) result += (result.empty() ? "" : ", ") + text;
    operand = "y";
  }
  return result;
}

// As code, with bars that do not end the cell.
std::string code(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result.empty() ? "" : "`" + result + "`";
}

std::string row(const ops::Info& info) {
  std::string derivatives = code(info.derivatives[0]);
  if (!info.derivatives[1].empty()) derivatives += ", " + code(info.derivatives[1]);
  return "| " + code(call(info)) + " | " + code(info.formula) + " | " + derivatives + " | " +
         code(conditions(info)) + " | " + std::string(info.choice) + " |\n";
}

std::string reference() {
  std::string result = "# Operations\n\n" + std::string(kIntroduction);
  for (const ops::Info& info : ops::All::infos) {
    if (!is_called(info.name)) continue;
    for (const Section& section : kSections) {
      if (section.first != info.name) continue;
      result += "\n## " + std::string(section.title) + "\n\n";
      if (!section.text.empty()) result += std::string(section.text) + "\n\n";
      result += "| call | r | derivatives | domain | at hard points |\n";
      result += "|---|---|---|---|---|\n";
    }
    result += row(info);
  }
  return result;
}

}  // namespace

TEST_CASE("reference: operations.md says what the list of operations says") {
  golden::check_file("autograd/operations.md", reference());
}

TEST_CASE("reference: every operation is described, and by a name of its own") {
  std::set<std::string_view> names;
  std::size_t sections = 0;
  for (const ops::Info& info : ops::All::infos) {
    CAPTURE(info.name);
    CHECK(!info.name.empty());
    CHECK(!info.formula.empty());
    CHECK(!info.derivatives[0].empty());
    CHECK(!info.symbol.empty());
    CHECK(names.insert(info.name).second);
    for (const Section& section : kSections) sections += section.first == info.name;
  }
  CHECK(sections == kSections.size());
  for (const operations::Operation& each : operations::all())
    CHECK_MESSAGE(each.info.derivatives[1].empty() == (each.arity() == 1), each.info.name);
}
