// Functions of Boost.Math that this library does not have, with their derivatives, as operations of
// one's own: a Bessel function, the incomplete gamma function and the incomplete beta function.

#include <array>
#include <cmath>
#include <concepts>
#include <iostream>
#include <span>
#include <string>

#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <autograd/autograd.hpp>

using autograd::custom;

// J_n(x), of any number type. Its derivative is (J_(n-1) - J_(n+1)) / 2, which is made of functions
// of the same kind: so there are derivatives of every order.
template <class T> T bessel(int n, const T& x) {
  if constexpr (std::same_as<T, double>) {
    return boost::math::cyl_bessel_j(n, x);
  } else {
    const auto j = custom(
        "J" + std::to_string(n), [n](std::span<const double> in) { return bessel(n, in[0]); },
        [n](auto in) { return 0.5 * (bessel(n - 1, in[0]) - bessel(n + 1, in[0])); });
    return j(x);
  }
}

// P(a, x), the probability that a gamma variable of shape a is below x. Only x varies: the derivative
// by x is the density.
auto gamma_probability(double a) {
  return custom(
      "P", [a](std::span<const double> x) { return boost::math::gamma_p(a, x[0]); },
      [a](std::span<const double> x) { return boost::math::gamma_p_derivative(a, x[0]); });
}

// I_x(a, b), the probability that a beta variable is below x, likewise.
auto beta_probability(double a, double b) {
  return custom(
      "I", [=](std::span<const double> x) { return boost::math::ibeta(a, b, x[0]); },
      [=](std::span<const double> x) { return boost::math::ibeta_derivative(a, b, x[0]); });
}

// Where f is 0, by Newton's method.
double root(const auto& f, double x) {
  for (int step = 0; step < 20; ++step) {
    const auto [value, slope] = autograd::value_and_gradient(f, std::array{x});
    x -= value / slope[0];
  }
  return x;
}

int main() {
  std::cout << "the tone of a drum, the first zero of J0: "
            << root([](auto x) { return bessel(0, x[0]); }, 2.0) << '\n';
  // x^2 y'' + x y' + x^2 y = 0
  const double x = 1.5;
  const auto j0 = [](auto in) { return bessel(0, in[0]); };
  const double equation = x * x * autograd::hessian(j0, std::array{x})(0, 0) +
                          x * autograd::gradient(j0, std::array{x})[0] + x * x * bessel(0, x);
  std::cout << "Bessel's equation at 1.5 is fulfilled: " << (std::abs(equation) < 1e-14) << '\n';

  const auto chi_squared = gamma_probability(1.5);  // of 2 a = 3 degrees of freedom, x = 2 t
  const double t = root([&](auto in) { return chi_squared(in[0]) - 0.95; }, 3.0);
  std::cout << "95 % of chi squared with 3 degrees of freedom are below " << 2 * t << '\n';

  const auto share = beta_probability(3, 9);  // after 2 of 10 tries went well
  std::cout << "the share that goes well is below "
            << root([&](auto in) { return share(in[0]) - 0.95; }, 0.3) << " with 95 %\n";
}
