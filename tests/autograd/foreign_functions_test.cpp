// A caller's own generic function is preferred to the library's of the same name, for every name
// that the library exports. A program is written that has one of each kind for each name.

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/numbers/dual.hpp>
#include <tests/support/compiler.hpp>
#include <tests/support/documents.hpp>

namespace {

namespace fs = std::filesystem;

// The functions that take numbers or ranges of them, as the headers declare them.
std::set<std::string> exported_names() {
  std::vector<std::string> headers{"autograd/ranges.hpp", "autograd/cmath.hpp",
                                   "autograd/pick.hpp"};
  for (const auto& each : fs::directory_iterator(paths::source("autograd/ops")))
    if (each.path().extension() == ".hpp")
      headers.push_back("autograd/ops/" + each.path().filename().string());
  // Their operands are a pack, or a macro declares them.
  const std::regex function(
      R"((\w+)\(const (?:\w+ auto|[XR]|Operands)&\.\.\.|AUTOGRAD_(?:FUNCTION_OF|RECORDED)_\w+\((\w+), detail)");
  std::set<std::string> names{"minmax"};
  for (const std::string& header : headers) {
    const std::string text = documents::text_of(header);
    for (std::sregex_iterator at(text.begin(), text.end(), function), end; at != end; ++at)
      names.insert((*at)[1].matched ? (*at)[1] : (*at)[2]);
  }
  return names;
}

// How a caller may write a generic function.
struct Kind {
  std::string name, head, parameters;
  std::size_t arity;
  bool is_of_one_type;
};
const std::vector<Kind> kKinds{
    {"one_by_reference", "class T", "const T&", 1, true},
    {"one_by_value", "class T", "T", 1, true},
    {"one_forwarded", "class T", "T&&", 1, true},
    {"two_by_reference", "class T", "const T&, const T&", 2, true},
    {"two_by_value", "class T", "T, T", 2, true},
    {"two_types_by_reference", "class T, class U", "const T&, const U&", 2, false},
    {"two_types_by_value", "class T, class U", "T, U", 2, false},
    {"two_types_forwarded", "class T, class U", "T&&, U&&", 2, false},
    {"a_choice_by_reference", "class C, class T", "const C&, const T&, const T&", 3, true},
    {"a_choice_by_value", "class C, class T", "C, T, T", 3, true},
    {"three_types", "class C, class T, class U", "const C&, const T&, const U&", 3, false},
    {"three_types_forwarded", "class C, class T, class U", "C&&, T&&, U&&", 3, false},
};

// Operands, by the number of them.
const std::vector<std::vector<std::string>> kOneType{{"v"}, {"w"},      {"Value(v)"},
                                                     {"d"}, {"values"}, {"duals"}};
const std::vector<std::vector<std::string>> kTwo{
    {"v", "v"}, {"Value(v)", "v"}, {"d", "d"}, {"values", "values"}};
const std::vector<std::vector<std::string>> kTwoTypes{
    {"v", "2.0"}, {"2.0", "v"}, {"v", "1"}, {"d", "2.0"}, {"values", "numbers"}};
const std::vector<std::vector<std::string>> kThree{
    {"true", "v", "v"}, {"1.0", "d", "d"}, {"v", "v", "v"}};
const std::vector<std::vector<std::string>> kThreeTypes{
    {"true", "v", "2.0"}, {"v", "v", "2.0"}, {"values", "values", "v"}, {"values", "numbers", "v"}};

std::vector<std::vector<std::string>> operands(const Kind& kind) {
  if (kind.arity == 1) return kOneType;
  std::vector<std::vector<std::string>> result = kind.arity == 2 ? kTwo : kThree;
  const auto& more = kind.arity == 2 ? kTwoTypes : kThreeTypes;
  if (!kind.is_of_one_type) result.insert(result.end(), more.begin(), more.end());
  return result;
}

std::string joined(const std::vector<std::string>& operands) {
  std::string result;
  for (const std::string& each : operands) result += (result.empty() ? "" : ", ") + each;
  return result;
}

// std::max is found for ranges.
bool is_of_the_standard(const std::string& name, const std::vector<std::string>& operands) {
  return (name == "max" || name == "min" || name == "minmax") && operands[0] == "values";
}

// max, min, clamp and minmax of numbers of one type are the library's, as those of the standard
// library would be preferred else; but for minmax of a temporary beside a template that forwards.
bool is_exception(const Kind& kind, const std::string& name,
                  const std::vector<std::string>& operands) {
  if (name == "minmax" && operands[0] == "Value(v)" && kind.parameters.starts_with("T&&"))
    return false;
  const auto is_number = [](const std::string& operand) {
    return operand == "v" || operand == "d" || operand == "Value(v)";
  };
  const std::size_t arity = name == "clamp" ? 3 : 2;
  return (name == "max" || name == "min" || name == "minmax" || name == "clamp") &&
         operands.size() == arity && std::ranges::all_of(operands, is_number);
}

std::string program(const std::set<std::string>& names) {
  std::string text = R"(
#include <algorithm>
#include <concepts>
#include <vector>
#include <autograd/autograd.hpp>
using autograd::Value;
using Dual = autograd::detail::Dual<2>;
struct Mine {};
)";
  for (const Kind& kind : kKinds) {
    text += "namespace " + kind.name + " {\n";
    for (const std::string& name : names)
      text += "template <" + kind.head + "> Mine " + name + "(" + kind.parameters + ");\n";
    text +=
        "template <class Value, class Dual> void check(const Value& v, Value& w, const Dual& d, "
        "const "
        "std::vector<Value>& values, const std::vector<Dual>& duals, const std::vector<double>& "
        "numbers) {\n";
    for (const std::string& name : names)
      for (const auto& each : operands(kind)) {
        if (is_of_the_standard(name, each)) continue;
        const std::string call = name + "(" + joined(each) + ")";
        text += "  static_assert(" + std::string(is_exception(kind, name, each) ? "!" : "") +
                "requires { { " + call + " } -> std::same_as<Mine>; }, \"" + kind.name + " " +
                call + "\");\n";
      }
    text +=
        "}\ntemplate void check(const Value&, Value&, const Dual&, const std::vector<Value>&, "
        "const "
        "std::vector<Dual>&, const std::vector<double>&);\n}\n";
  }
  return text;
}

}  // namespace

TEST_CASE("foreign functions: a caller's own generic function is preferred") {
  const std::set<std::string> names = exported_names();
  CHECK(names.size() > 55);
  for (const std::string name : {"gelu", "pow", "max", "clamp", "leaky_relu", "lt", "select", "sum",
                                 "dot", "norm", "isfinite", "square"})
    CHECK_MESSAGE(names.contains(name), name);

  const compiler::Folder folder;
  folder.write("program.cpp", program(names));
  CHECK(folder.compile("-fsyntax-only program.cpp") == "");
}

namespace {

// As it is written for numbers in general.
template <class T> T larger(const T& x, const T& y) {
  using std::max;
  return max(x, y);
}
template <class T> T smaller(const T& x, const T& y) {
  using std::min;
  return min(x, y);
}

}  // namespace

namespace {

template <class T> T inside(const T& x, const T& low, const T& high) {
  using std::clamp;
  return clamp(x, low, high);
}
template <class T> T spread(const T& x, const T& y) {
  using std::minmax;
  const auto [low, high] = minmax(x, y);
  return high - low;
}

}  // namespace

TEST_CASE("foreign functions: after using std::clamp and std::minmax they are the library's") {
  using autograd::Value;
  const Value x = 2, low = 0, high = 3, top = 1;
  const Value r = inside(x, low, high), s = inside(x, low, top);
  CHECK(r.data() == 2);
  CHECK(r.op() == "min");
  CHECK(r.inputs()[0].op() == "max");
  (r + 10 * s).backward();
  CHECK(x.grad() == 1);
  CHECK(top.grad() == 10);
  const Value d = spread(x, high);
  d.backward();
  CHECK(d.data() == 1);
  CHECK(d.inputs()[0].op() == "max");
  CHECK(x.grad() == 0);
  using Dual = autograd::detail::Dual<1>;
  const Dual a(2.0, autograd::detail::Tangent<1>::unit(0));
  CHECK(inside(a, Dual(0.0), Dual(3.0)).tangent()[0] == 1);
  CHECK(spread(a, Dual(3.0)).tangent()[0] == -1);
  CHECK(inside(2.0, 0.0, 1.0) == 1);
  CHECK(clamp(x, 0.0, 1.0).data() == 1);
  CHECK(clamp(x, Value(0), Value(5)).inputs()[1].is_leaf());
}

TEST_CASE("foreign functions: after using std::max, the maximum of two numbers is the library's") {
  using autograd::Value;
  const Value x = 2, y = 2;
  const Value r = larger(x, y), s = smaller(x, y);
  CHECK(r.op() == "max");
  CHECK(s.op() == "min");
  (r + 3 * s).backward();
  CHECK(x.grad() == 2);  // half of each at a tie
  CHECK(y.grad() == 2);
  using Dual = autograd::detail::Dual<2>;
  using autograd::detail::Tangent;
  const Dual a(1.0, Tangent<2>::unit(0)), b(1.0, Tangent<2>::unit(1));
  CHECK(larger(a, b).tangent()[0] == 0.5);
  // Whether that is a plain number it does not know: Values do, in gradient().
  CHECK(std::isnan(larger(a, Dual(1.0)).tangent()[0]));
  const auto beside_number = []<class T>(std::span<const T> in) { return larger(in[0], T(1.0)); };
  CHECK(autograd::gradient(beside_number, std::array{1.0})[0] == 0);
  CHECK(larger(1.0, 2.0) == 2.0);
}
