// Newton's method finds the minimum of Rosenbrock's valley with exact second derivatives.

#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include <autograd/autograd.hpp>

using autograd::Matrix;

int main() {
  // The minimum is at (1, 1), at the end of a narrow, bent valley.
  const auto valley = [](auto x) {
    const auto along = 1.0 - x[0], across = x[1] - x[0] * x[0];
    return along * along + 100.0 * across * across;
  };

  // The function is written once, for any number type: the library runs it as it needs.
  std::vector<double> x{-1.2, 1.0};
  std::cout << "step        f(x)    distance\n" << std::scientific << std::setprecision(2);
  for (int step = 0; step <= 6; ++step) {
    const auto [value, slope] = autograd::value_and_gradient(valley, x);
    const Matrix bend = autograd::hessian(valley, x);
    const double distance = std::hypot(x[0] - 1, x[1] - 1);
    std::cout << std::setw(4) << step << std::setw(12) << value << std::setw(12) << distance
              << "\n";

    // Go to the minimum of the parabola that has this value, slope and bend: solve
    // bend * move = -slope.
    const double determinant = bend(0, 0) * bend(1, 1) - bend(0, 1) * bend(1, 0);
    x[0] -= (bend(1, 1) * slope[0] - bend(0, 1) * slope[1]) / determinant;
    x[1] -= (bend(0, 0) * slope[1] - bend(1, 0) * slope[0]) / determinant;
  }
  // Near the minimum each step squares the distance: the number of right digits doubles.
}
