// Every number type of the project fulfils the contract in ops/number.hpp: by its members, and in
// numbers.

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/cpp.hpp>
#include <autograd/kernels/elementwise.hpp>
#include <autograd/numbers/derivative_term.hpp>
#include <tests/support/complex_step.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>

namespace {

using autograd::Value;
using autograd::detail::Active;
using autograd::detail::DerivativeTerm;
using autograd::detail::Dual;
using autograd::detail::NumberType;
using autograd::detail::Recording;
using autograd::detail::Simd;
using autograd::detail::Tangent;
namespace ops = autograd::ops;

// The example of the essay: a dual number of one direction.
class Small : public autograd::NumberBase<Small> {
 public:
  Small(double number = 0, double derivative = 0) : x_(number), dx_(derivative) {}
  double data() const { return x_; }
  double derivative() const { return dx_; }

  template <class Op> static Small record(const Small& a) {
    const double r = Op::value(a.x_);
    return {r, Op::dx(a.x_, r) * a.dx_};
  }
  template <class Op> static Small record(const Small& a, const Small& b) {
    const double r = Op::value(a.x_, b.x_);
    return {r, Op::dx(a.x_, b.x_, r) * a.dx_ + Op::dy(a.x_, b.x_, r) * b.dx_};
  }
  template <class Op> static Small record(const Small& a, double b) {
    return record<Op>(a, Small(b));
  }
  template <class Op> static Small record(double a, const Small& b) {
    return record<Op>(Small(a), b);
  }
  template <class Op> static Small record(const Small& condition, const Small& a, const Small& b) {
    return condition.x_ != 0 ? a : b;
  }
  template <class Op> static Small record_range(std::span<const Small> x, std::size_t k) {
    std::vector<double> in, partials(x.size());
    for (const Small& each : x) in.push_back(each.x_);
    Small r = Op::value(std::span<const double>(in), k);
    Op::partials(std::span<const double>(in), k, r.x_, std::span<double>(partials));
    for (std::size_t i = 0; i < x.size(); ++i) r.dx_ += partials[i] * x[i].dx_;
    return r;
  }

  Small& operator+=(const auto& b) { return *this = *this + b; }
  Small& operator-=(const auto& b) { return *this = *this - b; }
  Small& operator*=(const auto& b) { return *this = *this * b; }
  Small& operator/=(const auto& b) { return *this = *this / b; }
  friend bool operator==(const Small& a, const Small& b) { return a.x_ == b.x_; }
  friend auto operator<=>(const Small& a, const Small& b) { return a.x_ <=> b.x_; }

 private:
  double x_, dx_;
};

// ---- the members ----

static_assert(NumberType<Small>);
static_assert(NumberType<Value>);
static_assert(NumberType<Dual<1>> && NumberType<Dual<2>> && NumberType<Dual<3>> &&
              NumberType<Dual<4>> && NumberType<Dual<12>>);
static_assert(NumberType<Dual<4, Dual<2>>>);
static_assert(NumberType<Active<double>> && NumberType<Active<Dual<2>>>);
static_assert(Recording<DerivativeTerm>);
static_assert(!Recording<double> && !Recording<std::string>);

// What rules run with, derivatives or not.
static_assert(ops::RuleNumber<double> && ops::RuleNumber<Value> &&
              ops::RuleNumber<DerivativeTerm> && ops::RuleNumber<Dual<2>> &&
              ops::RuleNumber<Active<double>>);
static_assert(ops::RuleNumber<Simd<2>> && ops::RuleNumber<Simd<4>> && ops::RuleNumber<Simd<8>>);
static_assert(ops::RuleNumber<autograd::cpp::Code>);
static_assert(ops::RuleNumber<numeric::Wide> && ops::RuleNumber<complex_step::Complex>);
static_assert(!ops::RuleNumber<std::string>);

// The empty base costs nothing, not even in a number that holds another one.
static_assert(sizeof(Value) == 8);
static_assert(sizeof(Dual<4, Dual<2>>) == 5 * sizeof(Dual<2>));
static_assert(std::is_empty_v<autograd::NumberBase<Value>>);

// Functions of users are not looked for beside the number types, where they might meet private ones.
template <class T>
concept FindsPrivateFunctions = requires(T x) { outputs(x); };
static_assert(!FindsPrivateFunctions<Dual<2>> && !FindsPrivateFunctions<Active<double>>);

// ---- the numbers ----

// r and its derivatives by x and y at a point.
struct Answer {
  double r;
  std::array<double, 2> derivatives;
};

template <std::size_t N> Answer answer_of(const Dual<N>& r) {
  return {r.data(), {r.tangent()[0], r.tangent()[1]}};
}
Answer answer_of(const Dual<2, Dual<2>>& r) {
  return {r.data().data(), {r.tangent()[0].data(), r.tangent()[1].data()}};
}

// Runs f with numbers of type T.
template <class T> using Call = T (*)(const T& x, const T& y);
template <class T> struct Run;
template <std::size_t N, class S> struct Run<Dual<N, S>> {
  static Answer of(Call<Dual<N, S>> f, double x, double y) {
    using T = Dual<N, S>;
    return answer_of(f(T(x, Tangent<N, S>::unit(0)), T(y, Tangent<N, S>::unit(1))));
  }
};
template <> struct Run<Dual<1>> {
  static Answer of(Call<Dual<1>> f, double x, double y) {
    using T = Dual<1>;
    const T by_x = f(T(x, Tangent<1>::unit(0)), T(y)), by_y = f(T(x), T(y, Tangent<1>::unit(0)));
    return {by_x.data(), {by_x.tangent()[0], by_y.tangent()[0]}};
  }
};
template <> struct Run<Small> {
  static Answer of(Call<Small> f, double x, double y) {
    const Small by_x = f(Small(x, 1), Small(y)), by_y = f(Small(x), Small(y, 1));
    return {by_x.data(), {by_x.derivative(), by_y.derivative()}};
  }
};
template <class S> struct Run<Active<S>> {
  static Answer of(Call<Active<S>> f, double x, double y) {
    const std::array<S, 2> in{x, y};
    std::array<S, 2> gradient;
    auto of_span = [f](std::span<const Active<S>> each) { return f(each[0], each[1]); };
    const S r =
        autograd::detail::gradient_over(of_span, std::span<const S>(in), std::span<S>(gradient));
    if constexpr (std::same_as<S, double>) {
      return {r, gradient};
    } else {
      return {r.data(), {gradient[0].data(), gradient[1].data()}};
    }
  }
};
template <> struct Run<Value> {
  static Answer of(Call<Value> f, double x, double y) {
    const Value a = x, b = y, r = f(a, b);
    r.backward();
    return {r.data(), {a.grad(), b.grad()}};
  }
};
template <> struct Run<DerivativeTerm> {
  static Answer of(Call<DerivativeTerm> f, double x, double y) {
    const DerivativeTerm::Scope scope;
    const Value a = x, b = y;
    const Value r = f(DerivativeTerm::of(a.id()), DerivativeTerm::of(b.id())).value();
    r.backward();
    return {r.data(), {a.grad(), b.grad()}};
  }
};

constexpr double kX = 0.7, kY = 1.3;

void check(const std::string& what, const Answer& expected, const Answer& got) {
  INFO(what);
  CHECK(got.r == doctest::Approx(expected.r).epsilon(1e-14));
  CHECK(got.derivatives[0] == doctest::Approx(expected.derivatives[0]).epsilon(1e-14));
  CHECK(got.derivatives[1] == doctest::Approx(expected.derivatives[1]).epsilon(1e-14));
}

template <class T> void check(const std::string& what, const Answer& expected, Call<T> f) {
  check(what, expected, Run<T>::of(f, kX, kY));
}

// T::record<Op> against r, p and q of the rule.
template <class T, class Op> void check_operation() {
  const operations::Operation& operation = operations::named(Op::info.name);
  const std::string name = operation.name();
  const double r = operation.value(kX, kY);
  const auto [p, q] = operation.derivatives(kX, kY);
  if constexpr (Op::domain.size() == 1) {
    check<T>(name, {r, {p, 0}},
             [](const T& x, const T& y) -> T { return T::template record<Op>(x) + 0.0 * y; });
  } else {
    check<T>(name, {r, {p, q}},
             [](const T& x, const T& y) -> T { return T::template record<Op>(x, y); });
    check<T>(name + " of x and a number", {r, {p, 0}},
             [](const T& x, const T& y) -> T { return T::template record<Op>(x, kY) + 0.0 * y; });
    check<T>(name + " of a number and y", {r, {0, q}},
             [](const T& x, const T& y) -> T { return T::template record<Op>(kX, y) + 0.0 * x; });
  }
}

template <class T> void check_recording() {
  check_operation<T, ops::Neg>();
  check_operation<T, ops::Exp>();
  check_operation<T, ops::Mul>();
  check_operation<T, ops::Div>();
  check_operation<T, ops::Pow>();
  check_operation<T, ops::Atan2>();
  check_operation<T, ops::Max>();
  check<T>("select, the first side", {kX, {1, 0}}, [](const T& x, const T& y) -> T {
    return T::template record<ops::Select>(T(1.0), x, y) + 0.0 * y;
  });
  check<T>("select, the second side", {kY, {0, 1}}, [](const T& x, const T& y) -> T {
    return T::template record<ops::Select>(T(0.0), x, y) + 0.0 * x;
  });
  const double norm = std::hypot(kX, kY, 2.0);
  check<T>("a range", {norm, {kX / norm, kY / norm}}, [](const T& x, const T& y) -> T {
    const std::array in{x, y, T(2.0)};
    return T::template record_range<ops::Norm>(std::span<const T>(in), 0);
  });
  const double e = std::exp(kX) + std::exp(kY), s = std::exp(kY) / e;
  check<T>("an output of several", {s, {-s * std::exp(kX) / e, s * (1 - s)}},
           [](const T& x, const T& y) -> T {
             const std::array in{x, y};
             return T::template record_range<ops::Softmax>(std::span<const T>(in), 1);
           });
  check<T>("a constant", {2 * kX, {2, 0}},
           [](const T& x, const T& y) -> T { return x * T(2.0) + 0.0 * y; });
}

template <class T> void check_number_type() {
  check_recording<T>();
  check<T>(
      "assignments",
      {((kX + kY - 1) * kY * kX + 3) / kY / 2, {(2 * kX + kY - 1) / 2, (kX - 3 / (kY * kY)) / 2}},
      [](const T& x, const T& y) -> T {
        T r = x;
        r += y;
        r -= 1.0;
        r *= y;
        r *= x;
        r += 3.0;
        r /= y;
        r /= 2.0;
        r -= T{};
        return r;
      });
  check<T>("comparisons", {kX * kY, {kY, kX}}, [](const T& x, const T& y) -> T {
    const bool all = x < y && x <= y && y > x && y >= x && x == x && x == kX && x < 1.0 &&
                     1.0 < y && x <= kX && 2.0 >= y && x != y;
    return all ? T(x * y) : T(x);
  });
}

}  // namespace

TEST_CASE("number types: the example of the essay") { check_number_type<Small>(); }
TEST_CASE("number types: Value") { check_number_type<Value>(); }
TEST_CASE("number types: dual numbers") {
  check_number_type<Dual<1>>();
  check_number_type<Dual<2>>();
  check_number_type<Dual<3>>();
  check_number_type<Dual<4>>();
  check_number_type<Dual<12>>();
  check_number_type<Dual<2, Dual<2>>>();
}
TEST_CASE("number types: numbers on the statement tape") {
  check_number_type<Active<double>>();
  check_number_type<Active<Dual<2>>>();
}
TEST_CASE("number types: the terms of derivatives") { check_recording<DerivativeTerm>(); }

TEST_CASE("number types: second derivatives of nested dual numbers") {
  using T = Dual<2, Dual<2>>;
  const T x(Dual<2>(kX, Tangent<2>::unit(0)), Tangent<2, Dual<2>>::unit(0));
  const T y(Dual<2>(kY, Tangent<2>::unit(1)), Tangent<2, Dual<2>>::unit(1));
  const T r = x * x * y;
  CHECK(r.tangent()[0].tangent()[0] == 2 * kY);
  CHECK(r.tangent()[0].tangent()[1] == 2 * kX);
  CHECK(r.tangent()[1].tangent()[0] == 2 * kX);
  CHECK(r.tangent()[1].tangent()[1] == 0);
}

namespace {

// A rule for plain numbers only, as one is that calls a function which SIMD lanes do not have.
struct Gamma {
  static auto value(std::floating_point auto x) { return std::tgamma(x); }
};

}  // namespace

TEST_CASE("number types: SIMD lanes run a rule for plain numbers one after the other") {
  const std::array<double, 2> in{3, 5};
  std::array<double, 2> out{};
  using Kernels = autograd::detail::OperationKernels<Simd<2>>;
  Kernels::value<Gamma>(Simd<2>::load(in.data())).store(out.data());
  CHECK(out == std::array<double, 2>{2, 24});
  Kernels::value<ops::Square>(Simd<2>::load(in.data())).store(out.data());
  CHECK(out == std::array<double, 2>{9, 25});
}
