// Boost.odeint with numbers of the library: fixed and adaptive steps, time of the type of the state
// and plain.

#include <array>
#include <cmath>
#include <span>
#include <type_traits>
#include <vector>

#include <boost/numeric/odeint.hpp>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

namespace odeint = boost::numeric::odeint;

// x'' = mu (1 - x^2) x' - x
template <class T> struct VanDerPol {
  T mu;
  template <class State, class Time>
  void operator()(const State& x, State& derivative, const Time&) const {
    derivative[0] = x[1];
    derivative[1] = mu * (1.0 - x[0] * x[0]) * x[1] - x[0];
  }
};

// x at time 2, from x[0], x[1] with mu = x[2], by 200 steps. Scalar: of the method's coefficients.
template <class T, class Scalar> T by_fixed_steps(std::span<const T> x) {
  using State = std::array<T, 2>;
  State state{x[0], x[1]};
  odeint::runge_kutta4<State, Scalar, State, Scalar> stepper;
  odeint::integrate_n_steps(stepper, VanDerPol<T>{x[2]}, state, Scalar(0.0), Scalar(0.01), 200);
  return state[0];
}

// The same by steps that the error of the method decides.
template <class T> T by_adaptive_steps(std::span<const T> x) {
  using State = std::array<T, 2>;
  State state{x[0], x[1]};
  const auto stepper =
      odeint::make_controlled(T(1e-10), T(1e-10), odeint::runge_kutta_dopri5<State, T, State, T>());
  odeint::integrate_adaptive(stepper, VanDerPol<T>{x[2]}, state, T(0.0), T(2.0), T(0.01));
  return state[0];
}

}  // namespace

TEST_CASE("odeint: van der Pol by fixed steps, time a plain number or not") {
  const std::vector<double> x{1.2, -0.4, 0.8};
  const auto plain = []<class T>(std::span<const T> v) {
    return by_fixed_steps<T, std::conditional_t<autograd::Differentiable<T>, double, T>>(v);
  };
  const auto found = programs::check(plain, x, 1e-9);
  const auto same = []<class T>(std::span<const T> v) { return by_fixed_steps<T, T>(v); };
  programs::check_close(autograd::gradient(same, x), found.gradient, 1e-13, "time of type T");
}

TEST_CASE("odeint: van der Pol by adaptive steps") {
  const std::vector<double> x{1.2, -0.4, 0.8};
  const auto f = []<class T>(std::span<const T> v) { return by_adaptive_steps(v); };
  const auto exact = []<class T>(std::span<const T> v) { return by_fixed_steps<T, T>(v); };
  programs::check_close(autograd::gradient(f, x), autograd::gradient(exact, x), 1e-8, "generic");
  const auto of_values = [](std::span<const autograd::Value> v) { return by_adaptive_steps(v); };
  programs::check_close(autograd::gradient(of_values, x), autograd::gradient(f, x), 1e-13,
                        "Values");
}
