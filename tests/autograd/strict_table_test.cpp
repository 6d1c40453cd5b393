// The table of autograd/special-values.md of expressions where what the default gives is not the
// derivative: row by row what it gives, what strict derivatives say, and the form that is right.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/generic.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::find_singular;
using autograd::Function;
using autograd::Value;
using numeric::agrees;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

constexpr double kInf = std::numeric_limits<double>::infinity(), kPi = std::numbers::pi;
const double kRootOf5 = std::sqrt(5.0);

using Form = generic::TwiceDifferentiable;

struct Row {
  std::string_view expression, right_form;
  Form function, right_function;
  Numbers at;
  int order;  // 1: df/dx_i. 2: d2f/dx_i dx_k
  std::size_t i, k;
  double right, by_default;
  bool is_error = false;  // strict derivatives are an Error, not NaN
};

// (1 + a + a^2/3) e^-a
template <class T> T matern(const T& a) { return (1.0 + a + a * a / 3.0) * exp(-a); }

// 2 s(t) - 3 s(2t + 1) + 5 s(2 - t/2)
template <class T> T combined(const T& t, const auto& s) {
  return 2.0 * s(t) - 3.0 * s(2.0 * t + 1.0) + 5.0 * s(2.0 - t / 2.0);
}

std::vector<Row> first_derivatives() {
  return {
      {"square(sqrt(x))",
       "x",
       [](auto x) { return square(sqrt(x[0])); },
       [](auto x) { return 1.0 * x[0]; },
       {0},
       1,
       0,
       0,
       1,
       0},
      {"sqrt(x) * sqrt(x)",
       "x",
       [](auto x) { return sqrt(x[0]) * sqrt(x[0]); },
       [](auto x) { return 1.0 * x[0]; },
       {0},
       1,
       0,
       0,
       1,
       0},
      {"exp(log(x))",
       "x",
       [](auto x) { return exp(log(x[0])); },
       [](auto x) { return 1.0 * x[0]; },
       {0},
       1,
       0,
       0,
       1,
       0},
      {"exp(0.5 * log(x))",
       "sqrt(x)",
       [](auto x) { return exp(0.5 * log(x[0])); },
       [](auto x) { return sqrt(x[0]); },
       {0},
       1,
       0,
       0,
       kInf,
       0},
      {"logsumexp(log(x))",
       "log(sum(x))",
       [](auto x) {
         return logsumexp(std::vector{log(x[0]), log(x[1]), log(x[2])});
       },
       [](auto x) { return log(sum(x)); },
       {2, 0, 5},
       1,
       1,
       0,
       1.0 / 7,
       0},
      {"log1p(exp(x))",
       "softplus(x)",
       [](auto x) { return log1p(exp(x[0])); },
       [](auto x) { return softplus(x[0]); },
       {800},
       1,
       0,
       0,
       1,
       0},
      {"1 / tgamma(x)",
       "x / tgamma(x + 1)",
       [](auto x) { return 1.0 / tgamma(x[0]); },
       [](auto x) { return x[0] / tgamma(x[0] + 1.0); },
       {0},
       1,
       0,
       0,
       1,
       0},
      {"exp(logdiffexp(y, x))",
       "exp(y) - exp(x)",
       [](auto x) { return exp(logdiffexp(x[1], x[0])); },
       [](auto x) { return exp(x[1]) - exp(x[0]); },
       {1, 1},
       1,
       1,
       0,
       std::numbers::e,
       0},
      {"sign(x) * log(abs(x) + sqrt(x * x + 1))",
       "asinh(x)",
       [](auto x) { return sign(x[0]) * log(abs(x[0]) + sqrt(x[0] * x[0] + 1.0)); },
       [](auto x) { return asinh(x[0]); },
       {0},
       1,
       0,
       0,
       1,
       0},
  };
}

std::vector<Row> second_derivatives() {
  const auto half_square = [](auto x) { return 0.5 * square(norm(x)); };
  const auto half_dot = [](auto x) { return 0.5 * dot(x, x); };
  return {
      {"0.5 * square(norm(x))", "0.5 * dot(x, x)", half_square, half_dot, {0, 0}, 2, 1, 1, 1, 0},
      {"0.5 * square(norm(x))", "0.5 * dot(x, x)", half_square, half_dot, Numbers(6, 0.0), 2, 3, 3,
       1, 0},
      {"0.5 * square(hypot(x, y))",
       "0.5 * (x * x + y * y)",
       [](auto x) { return 0.5 * square(hypot(x[0], x[1])); },
       [](auto x) { return 0.5 * (x[0] * x[0] + x[1] * x[1]); },
       {0, 0},
       2,
       0,
       0,
       1,
       0},
      {"abs(-x * x)",
       "x * x",
       [](auto x) { return abs(-x[0] * x[0]); },
       [](auto x) { return x[0] * x[0]; },
       {0},
       2,
       0,
       0,
       2,
       0},
      {"abs(x) * abs(x)",
       "square(x)",
       [](auto x) { return abs(x[0]) * abs(x[0]); },
       [](auto x) { return square(x[0]); },
       {0},
       2,
       0,
       0,
       2,
       0},
      {"fmax(x, -x) * fmax(x, -x)",
       "square(x)",
       [](auto x) { return fmax(x[0], -x[0]) * fmax(x[0], -x[0]); },
       [](auto x) { return square(x[0]); },
       {0},
       2,
       0,
       0,
       2,
       0},
      {"copysign(x, 1) * copysign(x, 1)",
       "square(x)",
       [](auto x) { return copysign(x[0], 1.0) * copysign(x[0], 1.0); },
       [](auto x) { return square(x[0]); },
       {0},
       2,
       0,
       0,
       2,
       0},
      {"matern(sqrt(5) * abs(x - y))",
       "select(lt(abs(x - y), 1e-3), 1 - 5 * square(x - y) / 6, matern(sqrt(5) * abs(x - y)))",
       [](auto x) { return matern(kRootOf5 * abs(x[0] - x[1])); },
       [](auto x) {
         const auto d = x[0] - x[1];
         return select(lt(abs(d), 1e-3), 1.0 - 5.0 * square(d) / 6.0, matern(kRootOf5 * abs(d)));
       },
       {0.3, 0.3},
       2,
       0,
       1,
       5.0 / 3,
       0},
      {"x == 0 ? 1 : sin(pi * x) / (pi * x)",
       "select(lt(abs(x), 1e-3), 1 - square(pi * x) / 6, sin(pi * x) / (pi * x))",
       [](auto x) {
         return combined(x[0], []<class T>(const T& t) -> T {
           if (t == 0) return T(1.0);
           return sin(kPi * t) / (kPi * t);
         });
       },
       [](auto x) {
         return combined(x[0], [](const auto& t) {
           return select(lt(abs(t), 1e-3), 1.0 - square(kPi * t) / 6.0, sin(kPi * t) / (kPi * t));
         });
       },
       {-0.5},
       2,
       0,
       0,
       35.56404073668897,
       -3.9143768676684627,
       true},
  };
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> result = first_derivatives();
    for (auto& each : second_derivatives()) result.push_back(std::move(each));
    return result;
  }();
  return all;
}

// The derivative of the row's order, of a callable.
double derivative(const Row& row, const Form& f, const auto&... mode) {
  if (row.order == 1) return autograd::gradient(f, row.at, mode...)[row.i];
  return autograd::hessian(f, autograd::Point(row.at), mode...)(row.i, row.k);
}
double on_values(const Row& row, const Form& f) {
  const std::vector<Value> x(row.at.begin(), row.at.end());
  const Value y = f(Values(x));
  if (row.order == 1) {
    y.backward();
    return x[row.i].grad();
  }
  return derivatives(derivatives(y, x)[row.i], x)[row.k].data();
}

bool is_near(double x, double y) { return agrees(x, y) || std::abs(x - y) <= 1e-5 * std::abs(y); }

}  // namespace

TEST_CASE("strict table: what the default gives is not the derivative") {
  for (const Row& row : rows()) {
    CAPTURE(row.expression);
    CHECK(!is_near(row.right, row.by_default));
    CHECK(is_near(derivative(row, row.function), row.by_default));
    CHECK(is_near(on_values(row, row.function), row.by_default));
  }
}

TEST_CASE("strict table: strict derivatives are NaN, or an Error where a comparison is the cause") {
  for (const Row& row : rows()) {
    CAPTURE(row.expression);
    if (row.is_error) {
      CHECK(helpers::error_of([&] {
              derivative(row, row.function, autograd::strict);
            }).starts_with("strict: 'x == y' was decided at a tie, where both are 0"));
      continue;
    }
    CHECK(std::isnan(derivative(row, row.function, autograd::strict)));
    const autograd::StrictGuard guard;
    CHECK(std::isnan(on_values(row, row.function)));
  }
}

TEST_CASE("strict table: find_singular() names a node, and so do check_gradient, check_hessian") {
  for (const Row& row : rows()) {
    if (row.is_error) continue;
    CAPTURE(row.expression);
    const auto found = find_singular([&](Values x) { return row.function(x); }, row.at);
    REQUIRE(!found.empty());
    // Compilers differ in the order in which operands are recorded, and so in the order of nodes.
    CHECK(std::ranges::any_of(
        found, [&](const auto& each) { return row.order == 1 ? each.first : each.second; }));
    const auto report = row.order == 1
                            ? autograd::check_gradient(row.function, autograd::Point(row.at))
                            : autograd::check_hessian(row.function, autograd::Point(row.at));
    CHECK(!report.ok());
    if (report.origin.empty()) {
      CHECK(report.singular.find("Singular: ") != std::string::npos);
      CHECK(report.to_string().find("The cause may be ") != std::string::npos);
    } else {
      CHECK(report.origin.find("exp(") != std::string::npos);  // the value is infinite too
    }
  }
}

TEST_CASE("strict table: a strict Function does not give the default's number") {
  for (const Row& row : rows()) {
    if (row.order != 1) continue;
    CAPTURE(row.expression);
    const Function f = Function::trace(row.function, Numbers(row.at.size(), 0.7), autograd::strict);
    double slope = std::nan("");  // where the row diverges
    try {
      slope = f.gradient({}, row.at).inputs[row.i];
    } catch (const autograd::Error&) {
    }
    CHECK(std::isnan(slope));
  }
}

TEST_CASE("strict table: the form to write is right, strictly too") {
  for (const Row& row : rows()) {
    CAPTURE(row.right_form);
    CHECK(is_near(derivative(row, row.right_function), row.right));
    CHECK(is_near(derivative(row, row.right_function, autograd::strict), row.right));
    CHECK(is_near(on_values(row, row.right_function), row.right));
    // Elsewhere the two are one function.
    const Numbers at(row.at.size(), 0.7);
    std::vector<Value> x(at.begin(), at.end());
    if (x.size() > 1) x[0] = 0.2;
    CHECK(row.function(Values(x)).data() ==
          doctest::Approx(row.right_function(Values(x)).data()).epsilon(1e-12));
  }
}

TEST_CASE("strict table: special-values.md has every row") {
  const std::string table = documents::text_of("autograd/special-values.md");
  for (const Row& row : rows()) {
    CAPTURE(row.expression);
    const auto at = table.find("| `" + std::string(row.expression) + "` |");
    REQUIRE(at != std::string::npos);
    const std::string line = table.substr(at, table.find('\n', at) - at);
    CHECK(line.find("`" + std::string(row.right_form) + "`") != std::string::npos);
  }
}
