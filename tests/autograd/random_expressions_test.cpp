// Random expressions over all elementary operations: every way to differentiate them agrees with
// every other, and with differences.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/inspect/finite_differences.hpp>
#include <tests/support/complex_step.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Value;
using autograd::detail::Dual;
using random_expressions::Expression;
using random_expressions::Numbers;
using random_expressions::random_expression;
using Values = std::span<const Value>;

// ---- ways to differentiate ----

struct Reverse {
  double value;
  Numbers gradient, graph;
  double largest;  // of all gradients in the graph: the scale of its rounding
};

Reverse on_values(const Expression& f) {
  const std::vector<Value> in(f.at.begin(), f.at.end());
  const Value y = f(Values(in));
  y.backward();
  Reverse result{y.data(), {}, {}, 1.0};
  for (const Value& each : autograd::topological_order(y))
    result.largest = std::max(result.largest, std::abs(each.grad()));
  for (const Value& each : in) result.gradient.push_back(each.grad());
  for (const Value& each : autograd::derivatives(y, in)) result.graph.push_back(each.data());
  return result;
}

Numbers on_dual_numbers(const Expression& f) {
  Numbers result;
  for (std::size_t i = 0; i < f.at.size(); ++i) {
    std::vector<Dual<1>> in(f.at.begin(), f.at.end());
    in[i] = {f.at[i], autograd::detail::Tangent<1>::unit(0)};
    result.push_back(f(std::span<const Dual<1>>(in)).tangent()[0]);
  }
  return result;
}

// A number that has taken a step into the complex plane, and goes through a whole expression.
struct Stepped : autograd::NumberBase<Stepped> {
  using Complex = complex_step::Complex;

  static inline bool is_lost = false;  // where an operation has no complex version at a point
  Complex z;

  Stepped(double x = 0) : z(x) {}
  Stepped(Complex x) : z(x) {}

  template <class Op> static Stepped record(const Stepped& x) { return value<Op>(x.z, 0.0); }
  template <class Op> static Stepped record(const Stepped& x, const Stepped& y) {
    return value<Op>(x.z, y.z);
  }

 private:
  template <class Op> static Stepped value(Complex x, Complex y) {
    namespace ops = autograd::ops;
    if constexpr (!complex_step::is_only_real<Op> &&
                  !complex_step::is_one_of<Op, ops::Floor, ops::Ceil, ops::Round>) {
      if (complex_step::can_be_taken<Op>({x.z.real(), y.z.real()}))
        return Complex(complex_step::value<Op>({x, y}));
    }
    is_lost = true;
    return 0.0;
  }
};

Numbers by_complex_step(const Expression& f) {
  Stepped::is_lost = false;
  Numbers result;
  for (std::size_t i = 0; i < f.at.size(); ++i) {
    std::vector<Stepped> in(f.at.begin(), f.at.end());
    in[i].z.z += std::complex<double>(0, complex_step::kStep);
    result.push_back(f(std::span<const Stepped>(in)).z.z.imag() / complex_step::kStep);
  }
  return result;
}

bool is_close(const Numbers& x, const Numbers& y, double scale) {
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(std::abs(x[i] - y[i]) <= 1e-11 * scale)) return false;
  return true;
}

}  // namespace

TEST_CASE(
    "random expressions: Values, graphs of derivatives, the statement tape and dual numbers "
    "agree") {
  const std::uint64_t expressions = helpers::cases(4000);
  std::uint64_t kinks = 0;
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    const Expression f = random_expression(seed);
    kinks += f.is_smooth ? 0 : 1;
    const Reverse reverse = on_values(f);
    Numbers folded(f.at.size());
    const double value = autograd::detail::gradient_on_statements(f, f.at, folded);
    const bool agree = std::abs(value - reverse.value) <= 1e-12 * std::max(1.0, std::abs(value)) &&
                       is_close(reverse.graph, reverse.gradient, reverse.largest) &&
                       is_close(folded, reverse.gradient, reverse.largest) &&
                       is_close(on_dual_numbers(f), reverse.gradient, reverse.largest);
    if (!agree) {
      FAIL_CHECK(f.text(), "\nValues ", numeric::point(reverse.gradient), "\ngraph ",
                 numeric::point(reverse.graph), "\nfolded ", numeric::point(folded), "\ndual ",
                 numeric::point(on_dual_numbers(f)));
    }
  }
  CHECK(kinks > expressions / 8);
  CHECK(kinks < expressions * 7 / 8);
}

TEST_CASE("random expressions: gradients agree with a step into the complex plane") {
  const std::uint64_t expressions = helpers::cases(8000);
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    const Expression f = random_expression(seed);
    if (!f.is_smooth) continue;
    const Numbers stepped = by_complex_step(f);
    if (Stepped::is_lost) continue;
    ++compared;
    const Reverse reverse = on_values(f);
    const Numbers forward = on_dual_numbers(f);
    if (!is_close(stepped, reverse.gradient, reverse.largest) ||
        !is_close(stepped, forward, reverse.largest))
      FAIL_CHECK(f.text(), "\ncomplex step ", numeric::point(stepped), "\nValues ",
                 numeric::point(reverse.gradient), "\ndual ", numeric::point(forward));
  }
  CAPTURE(compared);
  CHECK(compared > expressions / 16);
}

TEST_CASE("random expressions: gradients agree with differences where the function is smooth") {
  const std::uint64_t expressions = helpers::cases(1500);
  std::uint64_t confirmed = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    const Expression f = random_expression(seed);
    // nextafter(x, y) - x is a difference of rounding alone.
    if (!f.is_smooth || f.has("nextafter")) continue;
    const auto report = autograd::check_gradient([&](Values x) { return f(x); }, f.at);
    for (const auto& each : report.inputs) {
      ++all;
      if (each.verdict == autograd::Verdict::kAgrees) ++confirmed;
      if (each.verdict == autograd::Verdict::kWrongFactor ||
          each.verdict == autograd::Verdict::kDisagrees ||
          each.verdict == autograd::Verdict::kNotFinite)
        FAIL_CHECK(f.text(), "\n", report.to_string());
    }
  }
  CAPTURE(all);
  CHECK(confirmed > all * 99 / 100);
  CHECK(all > expressions * 2 / 3);
}

TEST_CASE("random expressions: Hessians are symmetric and agree with differences of gradients") {
  const std::uint64_t expressions = helpers::cases(500);
  std::uint64_t confirmed = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    const Expression f = random_expression(seed);
    if (!f.is_smooth) continue;
    const auto on_value = [&](Values x) { return f(x); };
    const autograd::Matrix h = autograd::hessian(on_value, f.at);
    double largest = 1;
    for (const double each : h.data) largest = std::max(largest, std::abs(each));
    const std::size_t i = seed % f.at.size();
    for (std::size_t k = 0; k < f.at.size(); ++k) {
      if (!(std::abs(h(i, k) - h(k, i)) <= 1e-8 * largest))
        FAIL_CHECK(f.text(), "\n", h(i, k), " and ", h(k, i), " in row ", i, ", column ", k);
      const auto slope_i = [&](double at) {
        Numbers x = f.at;
        x[k] = at;
        return autograd::gradient(on_value, x)[i];
      };
      const auto slope =
          autograd::detail::finite_differences(slope_i, f.at[k], slope_i(f.at[k])).central;
      ++all;
      if (slope.error <= 1e-6 * largest) ++confirmed;
      if (!(std::abs(h(i, k) - slope.value) <= 1e-6 * largest + 8 * slope.error))
        FAIL_CHECK(f.text(), "\nHessian ", h(i, k), ", differences ", slope.value, " +- ",
                   slope.error, " in row ", i, ", column ", k);
    }
  }
  CAPTURE(all);
  CHECK(confirmed > all * 95 / 100);
  CHECK(all > expressions);
}
