// An objective for LBFGS++: Rosenbrock's valley in ten dimensions, whose minimum is at (1, ..., 1).

#include <iostream>

#include <Eigen/Core>
#include <LBFGS.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>

int main() {
  const auto valley = [](const auto& x) {
    auto sum = 0.0 * x[0];
    for (Eigen::Index i = 0; i + 1 < x.size(); ++i)
      sum += square(1.0 - x[i]) + 100.0 * square(x[i + 1] - x[i] * x[i]);
    return sum;
  };
  // LBFGS++ wants the value returned, and the gradient in a vector of its own.
  const auto objective = [&](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    return autograd::value_and_gradient(valley, x, gradient);
  };

  LBFGSpp::LBFGSParam<double> parameters;
  parameters.epsilon = 1e-8;
  parameters.max_iterations = 200;
  LBFGSpp::LBFGSSolver<double> solver(parameters);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(10);
  double least = 0;
  solver.minimize(objective, x, least);
  std::cout << "the minimum is " << (least < 1e-12 ? "0" : "not found") << ", at distance "
            << ((x.array() - 1).matrix().norm() < 1e-6 ? "0" : "more") << " from (1, ..., 1)\n";
}
