// Gradients held against differences: does the derivative say what the function does?
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/check/moved_leaves.hpp>
#include <autograd/gradient.hpp>
#include <autograd/hessian.hpp>
#include <autograd/no_grad.hpp>
#include <autograd/nonfinite.hpp>
#include <autograd/singular.hpp>

namespace autograd {

enum class Verdict {
  kAgrees,
  kKink,         // f has a kink here, and the derivative lies between the slopes beside it
  kJump,         // f jumps here: it has no derivative, and nothing was compared
  kUncertain,    // the differences are lost in rounding: they say nothing for or against
  kNotFinite,    // f or its derivative is NaN or infinite
  kWrongFactor,  // off by a factor of -1, 2, 1/2, n or 1/n
  kDisagrees,
  kFrozen,  // a frozen parameter: its derivative is 0 by decree, and was not compared
};

// The verdict on one input.
struct CheckedDerivative {
  std::string name;  // the label of a parameter, or "x[3]"
  double at = 0.0;
  double analytic = 0.0, numerical = 0.0;
  double error = 0.0;              // how far `numerical` may be off, about
  double step = 0.0;               // x[i] was moved by about this much
  double left = 0.0, right = 0.0;  // slopes on either side, where there is a kink
  Verdict verdict = Verdict::kAgrees;
  double factor = 1.0;     // of kWrongFactor: what the derivative has too much
  std::string words = {};  // the verdict as a sentence, with what usually causes it
};

struct GradientReport {
  double value = 0.0;
  std::vector<CheckedDerivative> inputs;
  std::string origin = {};  // where what is not finite was born, as find_nonfinite() tells it
  std::string singular =
      {};  // the singular nodes that problems hang on, as find_singular() tells it

  // Whether every derivative was confirmed: kAgrees or kKink throughout, frozen ones aside.
  bool ok() const;
  // A table, and a sentence for each problem. Of more than 40 inputs, those with problems.
  std::string to_string() const;
};

// Of second derivatives; `inputs` has one entry for each pair of inputs, by rows.
using HessianReport = GradientReport;

namespace detail {

struct GradientToCheck {
  std::vector<std::string> names;
  std::vector<double> x;
  double value;
  std::vector<double> gradient;
  std::function<double(std::span<const double>)> f;
  std::function<std::optional<NonFinite>()> find_nonfinite;
  // The singular nodes that the derivative by input i hangs on.
  std::function<std::vector<Singular>(std::size_t i)> find_singular;
  std::vector<bool> is_frozen = {};  // by input; empty if none is
  std::string function = "f";        // what f is called
  std::string singular = {};         // what has been reported before
};
GradientReport check(const GradientToCheck& given);

// What find_singular() finds for derivatives of this order.
std::vector<Singular> singular_of_order(int order, const Value& y, std::span<const Value> inputs);
// The same at x, of a callable as in gradient.hpp, for derivatives by these inputs.
template <class F> std::vector<Singular> singular_of_order(int order, F& f, Point x,
                                                           std::initializer_list<std::size_t> by) {
  const RecordedInputs in(x);
  name_inputs(in.values());
  const std::vector<Value> inputs = with_memory_errors([&] {
    std::vector<Value> result;
    for (const std::size_t i : by) result.push_back(in.values()[i]);
    return result;
  });
  return singular_of_order(order, Value(f(in.values())), inputs);
}

// Row i of the Hessian of f is the gradient of component i of gradient_of, which is df/dx.
HessianReport check_hessian(
    double value, Point x, const Matrix& hessian,
    const std::function<std::vector<double>(std::span<const double>)>& gradient_of,
    const std::function<std::vector<Singular>(std::size_t i, std::size_t k)>& find_singular);

template <class T> std::vector<T> numbers_of(std::span<const double> x) {
  return with_memory_errors([&] { return std::vector<T>(x.begin(), x.end()); });
}

// f(x) alone.
template <class F> double value_at(F& f, std::span<const double> x) {
  if constexpr (TakesSpanOf<F, Active<double>>) {
    const StatementScope<double> scope;
    const auto in = numbers_of<Active<double>>(x);
    return Active<double>(f(std::span<const Active<double>>(in))).data();
  } else {
    const auto in = numbers_of<Value>(x);
    return Value(f(std::span<const Value>(in))).data();
  }
}

}  // namespace detail

// Compares the gradient of f at x with differences of f, input by input, and says in words what is
// wrong and why.
//
//   CHECK(check_gradient([](auto x) { return x[0] * sin(x[1]); }, {1.5, 0.3}).ok());
//   std::cout << check_gradient(f, x).to_string();
//
// f is a callable as in gradient.hpp. The derivative of each input is extrapolated from central
// differences over steps of several sizes, which also tells how far it may be off.
// Where f has a kink, the derivative is confirmed if it lies between the slopes on both sides. Where f
// jumps nothing is confirmed: ok() is false. Singular nodes that a problem hangs on are named.
// Cost: about 20 calls of f for each input; up to 70 where f is not smooth.
template <class F> GradientReport check_gradient(F&& f, Point x) {
  const detail::GuardsLifted lifted;
  ValueAndGradient y = value_and_gradient(f, x);
  const auto given = detail::with_memory_errors([&]() -> detail::GradientToCheck {
    return {detail::numbered_names(x.size()),
            {x.begin(), x.end()},
            y.value,
            std::move(y.gradient),
            [&f](std::span<const double> at) { return detail::value_at(f, at); },
            [&f, x] {
              const auto in = detail::numbers_of<Value>(x);
              return find_nonfinite(f(std::span<const Value>(in)));
            },
            [&f, x](std::size_t i) { return detail::singular_of_order(1, f, x, {i}); }};
  });
  return detail::check(given);
}

// The same for a model of your own: f() computes the loss from the parameters as they are.
//
//   check_gradient([&] { return loss_of(net, data); }, net.parameters())
//
// The numbers of the parameters are moved a little and put back, also if f throws; gradients stay
// as they are. Frozen parameters are left where they are, and reported as such.
// Throws: Error if a parameter is not a leaf.
template <class F>
requires std::invocable<F&>
GradientReport check_gradient(F&& f, std::span<const Value> parameters) {
  const detail::GuardsLifted lifted;
  detail::MovedLeaves leaves(parameters);
  const Value y = f();
  const auto given = detail::with_memory_errors([&]() -> detail::GradientToCheck {
    return {leaves.names(),
            leaves.home(),
            y.data(),
            detail::gradient_at(y, parameters),
            [&](std::span<const double> at) {
              leaves.move_to(at);
              return Value(f()).data();
            },
            [&y] { return find_nonfinite(y); },
            [&](std::size_t i) {
              leaves.move_to(leaves.home());
              return detail::singular_of_order(1, y, parameters.subspan(i, 1));
            },
            leaves.are_frozen()};
  });
  return detail::check(given);
}

// Compares the Hessian of f at x with differences of the gradient, entry by entry, in the same way.
//
//   std::cout << check_hessian([](auto x) { return 0.5 * square(hypot(x[0], x[1])); }, {0, 0});
//
// Cost: about 20 gradients for each input; up to 70 where the gradient is not smooth.
template <class F> HessianReport check_hessian(F&& f, Point x) {
  const detail::GuardsLifted lifted;
  const double value = value_and_gradient(f, x).value;
  const Matrix second = hessian(f, x);
  const auto [gradient_of, find_singular] = detail::with_memory_errors([&] {
    return std::pair(
        std::function([&f](std::span<const double> at) { return gradient(f, Point(at)); }),
        std::function([&f, x](std::size_t i, std::size_t k) {
          return detail::singular_of_order(2, f, x, {i, k});
        }));
  });
  return detail::check_hessian(value, x, second, gradient_of, find_singular);
}

}  // namespace autograd
