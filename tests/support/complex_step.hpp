// Derivatives by a step into the complex plane: f(x + i h) = f(x) + i h f'(x) for a tiny h, without
// the cancellation of a difference.
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <concepts>
#include <cstddef>

#include <autograd/ops.hpp>

namespace complex_step {

// A complex number as rules want it. Branches look at the real part; functions are those of
// std::complex where there is one.
struct Complex {
  using Z = std::complex<double>;
  Z z;

  Complex() = default;
  Complex(double x) : z(x) {}
  Complex(Z x) : z(x) {}

  friend Complex operator+(Complex x, Complex y) { return x.z + y.z; }
  friend Complex operator-(Complex x, Complex y) { return x.z - y.z; }
  friend Complex operator*(Complex x, Complex y) { return x.z * y.z; }
  friend Complex operator/(Complex x, Complex y) { return x.z / y.z; }
  friend Complex operator-(Complex x) { return -x.z; }

  friend bool gt(Complex x, Complex y) { return x.z.real() > y.z.real(); }
  friend bool lt(Complex x, Complex y) { return x.z.real() < y.z.real(); }
  friend bool le(Complex x, Complex y) { return x.z.real() <= y.z.real(); }
  friend bool eq(Complex x, Complex y) { return x.z.real() == y.z.real(); }
  friend bool ne(Complex x, Complex y) { return x.z.real() != y.z.real(); }
  friend Complex select(bool condition, Complex yes, Complex no) { return condition ? yes : no; }

  friend Complex abs(Complex x) { return x.z.real() < 0 ? -x : x; }
  friend Complex round(Complex x) { return std::round(x.z.real()); }
  friend Complex exp(Complex x) { return std::exp(x.z); }
  friend Complex exp2(Complex x) { return exp(x * std::log(2.0)); }
  friend Complex expm1(Complex x) {
    return Z(std::expm1(x.z.real()), std::exp(x.z.real()) * std::sin(x.z.imag()));
  }
  friend Complex log(Complex x) { return std::log(x.z); }
  friend Complex log2(Complex x) { return log(x) / std::log(2.0); }
  friend Complex log10(Complex x) { return log(x) / std::log(10.0); }
  friend Complex log1p(Complex x) {
    return Z(std::log1p(x.z.real()), std::atan2(x.z.imag(), 1.0 + x.z.real()));
  }
  friend Complex pow(Complex x, Complex y) { return exp(y * log(x)); }
  friend Complex sqrt(Complex x) { return std::sqrt(x.z); }
  friend Complex cbrt(Complex x) {
    return x.z.real() < 0 ? -cbrt(-x)
                          : Complex(std::polar(std::cbrt(std::abs(x.z)), std::arg(x.z) / 3.0));
  }
  friend Complex sin(Complex x) { return std::sin(x.z); }
  friend Complex cos(Complex x) { return std::cos(x.z); }
  friend Complex tan(Complex x) { return std::tan(x.z); }
  friend Complex asin(Complex x) { return std::asin(x.z); }
  friend Complex acos(Complex x) { return std::acos(x.z); }
  friend Complex atan(Complex x) { return std::atan(x.z); }
  friend Complex sinh(Complex x) { return std::sinh(x.z); }
  friend Complex cosh(Complex x) { return std::cosh(x.z); }
  friend Complex tanh(Complex x) { return std::tanh(x.z); }
  friend Complex asinh(Complex x) { return std::asinh(x.z); }
  friend Complex acosh(Complex x) { return std::acosh(x.z); }
  friend Complex atanh(Complex x) { return std::atanh(x.z); }
  friend Complex hypot(Complex x, Complex y) {
    const double largest = std::fmax(std::fabs(x.z.real()), std::fabs(y.z.real()));
    const double scale = largest > 0 ? largest : 1;
    return scale * sqrt((x / scale) * (x / scale) + (y / scale) * (y / scale));
  }
  // Quotients give the angle up to a constant.
  friend Complex atan2(Complex x, Complex y) {
    const Complex angle = std::abs(x.z.real()) < std::abs(y.z.real()) ? atan(x / y) : -atan(y / x);
    return Z(std::atan2(x.z.real(), y.z.real()), angle.z.imag());
  }
};

template <class Op, class... Ops> constexpr bool is_one_of = (std::same_as<Op, Ops> || ...);

namespace ops = autograd::ops;

// Made of functions for which there is no complex implementation, or which only look at bits.
template <class Op> constexpr bool is_only_real =
    is_one_of<Op, ops::Erf, ops::Erfc, ops::Erfinv, ops::NormalCdf, ops::LogNormalCdf, ops::LGamma,
              ops::TGamma, ops::Digamma, ops::Polygamma, ops::Gelu, ops::Trunc, ops::Rint,
              ops::FMax, ops::FMin, ops::FMod, ops::Remainder, ops::CopySign, ops::NextAfter,
              ops::LogB>;

// Known here: what is not, has no kinks or jumps, and is no quotient that cancels near 0.
template <class Op> constexpr bool is_known =
    !is_only_real<Op> &&
    !is_one_of<Op, ops::Sinc, ops::Expm1OverX, ops::Log1pOverX, ops::Step, ops::Sign, ops::Abs,
               ops::Relu, ops::LeakyRelu, ops::Elu, ops::Max, ops::Min, ops::Floor, ops::Ceil,
               ops::Round, ops::Less, ops::LessEqual, ops::Greater, ops::GreaterEqual, ops::Equal,
               ops::NotEqual>;

inline constexpr double kStep = 1e-100;

template <class Op> std::complex<double> value(std::array<Complex, 2> x) {
  if constexpr (Op::domain.size() == 1) {
    return Complex(Op::value(x[0])).z;
  } else {
    return Complex(Op::value(x[0], x[1])).z;
  }
}

// Away from the origin, from the edges of the domain and from numbers so small or so large that the
// step, or what it is multiplied by, is lost.
template <class Op> bool can_be_taken(std::array<double, 2> at) {
  // Where two formulas meet.
  if (std::same_as<Op, ops::LogAddExp> && at[0] == at[1]) return false;
  if (is_one_of<Op, ops::XLogY, ops::XLog1pY> && at[0] == 0) return false;
  bool at_origin = true;
  for (std::size_t i = 0; i < Op::domain.size(); ++i) {
    const double size = std::fabs(at[i]);
    if (size != 0 && (size < 1e-20 || size > 100)) return false;
    if (at[i] <= Op::domain[i].low || at[i] >= Op::domain[i].high) return false;
    at_origin = at_origin && size == 0;
  }
  const double size = std::fabs(value<Op>({at[0], at[1]}).real());
  return !at_origin && (size == 0 || (size > 1e-150 && size < 1e150));
}

template <class Op> double derivative(std::array<double, 2> at, std::size_t operand) {
  std::array<Complex, 2> x{at[0], at[1]};
  x[operand].z += Complex::Z(0, kStep);
  return value<Op>(x).imag() / kStep;
}

}  // namespace complex_step
