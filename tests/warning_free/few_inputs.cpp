// What a compiler that optimises says of a callable that reads more inputs than the few of which the
// library makes arrays: nothing. It is compiled at -O2, with warnings as errors, and never run.

#include <vector>

#include <autograd/autograd.hpp>

double sum_of_derivatives(const std::vector<double>& x);
double sum_of_derivatives(const std::vector<double>& x) {
  const auto f = [](auto in) { return in[0] * in[5] + sin(in[9]) * in[3]; };
  const auto two = [](auto in) { return std::vector{in[0] * in[5], in[9] * in[9]}; };
  return autograd::gradient(f, x)[0] + autograd::hessian(f, x)(0, 1) +
         autograd::hessian_vector_product(f, x, x)[0] + autograd::jacobian(two, x)(1, 0);
}
