// A cost function for the solver of Ceres: the curve y = exp(m t + c) through noisy points, as in
// Ceres' tutorial.

#include <algorithm>
#include <cmath>
#include <iostream>
#include <span>
#include <utility>
#include <vector>

#include <ceres/ceres.h>

#include <autograd/autograd.hpp>

// Any callable that returns one number or several, as a cost function.
template <class F> class Cost : public ceres::CostFunction {
 public:
  Cost(F f, int residuals, int parameters) : f_(std::move(f)) {
    set_num_residuals(residuals);
    mutable_parameter_block_sizes()->push_back(parameters);
  }

  bool Evaluate(const double* const* parameters, double* residuals,
                double** jacobians) const override {
    const std::span<const double> x(parameters[0],
                                    static_cast<std::size_t>(parameter_block_sizes()[0]));
    const auto [values, jacobian] = autograd::values_and_jacobian(f_, x);
    std::ranges::copy(values, residuals);
    if (jacobians != nullptr && jacobians[0] != nullptr)
      std::ranges::copy(jacobian.data, jacobians[0]);  // both are row by row
    return true;
  }

 private:
  F f_;
};

int main() {
  ceres::Problem problem;
  std::vector<double> x{0, 0};  // m and c
  for (int i = 0; i < 20; ++i) {
    const double t = 0.25 * i, y = std::exp(0.3 * t + 0.1) + 0.02 * std::sin(50.0 * i);
    const auto residual = [t, y](auto p) { return exp(p[0] * t + p[1]) - y; };
    problem.AddResidualBlock(new Cost(residual, 1, 2), nullptr, x.data());
  }
  ceres::Solver::Options options;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);

  std::cout.precision(3);
  std::cout << "m = " << x[0] << ", c = " << x[1]
            << (summary.termination_type == ceres::CONVERGENCE ? ", converged\n" : "\n");
}
