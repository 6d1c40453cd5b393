// An objective and constraints for NLopt: the problem of NLopt's tutorial. The least height sqrt(y) of
// a point (x, y) above the curves y = (2 x)^3 and y = (1 - x)^3.

#include <cmath>
#include <iostream>
#include <nlopt.hpp>
#include <vector>

#include <autograd/autograd.hpp>

// Any callable as a function of NLopt, which asks for the gradient by a list that is not empty.
template <class F>
double evaluate(const std::vector<double>& x, std::vector<double>& gradient, void* f) {
  const auto value_and_gradient = autograd::value_and_gradient(*static_cast<F*>(f), x);
  if (!gradient.empty()) gradient = value_and_gradient.gradient;
  return value_and_gradient.value;
}

int main() {
  auto height = [](auto x) { return sqrt(x[1]); };
  auto above = [](double a, double b) {
    return [a, b](auto x) {  // at most 0 where the point is above the curve
      const auto line = a * x[0] + b;
      return line * line * line - x[1];
    };
  };
  auto first = above(2, 0), second = above(-1, 1);

  nlopt::opt optimizer(nlopt::LD_MMA, 2);
  optimizer.set_lower_bounds({-HUGE_VAL, 1e-6});
  optimizer.set_min_objective(evaluate<decltype(height)>, &height);
  optimizer.add_inequality_constraint(evaluate<decltype(first)>, &first, 1e-8);
  optimizer.add_inequality_constraint(evaluate<decltype(second)>, &second, 1e-8);
  optimizer.set_xtol_rel(1e-6);

  std::vector<double> x{1.234, 5.678};
  double least = 0;
  optimizer.optimize(x, least);
  std::cout.precision(4);
  std::cout << "the least height is " << least << ", at x = " << x[0] << ", y = " << x[1] << '\n';
}
