// Likelihoods of counts and of lifetimes.

#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

struct Lifetime {
  double time;
  bool ended;  // else it went on when it was last seen
};
const std::vector<Lifetime> kLifetimes{{0.5, true}, {1.7, true},  {2.2, false}, {3.1, true},
                                       {0.9, true}, {4.0, false}, {2.8, true},  {1.1, true}};

// Weibull, with censored lifetimes. x: the logarithms of shape and scale.
const auto weibull = []<class T>(std::span<const T> x) {
  using std::exp, std::log, std::pow;
  const T shape = exp(x[0]), scale = exp(x[1]);
  T sum = 0.0;
  for (const Lifetime& each : kLifetimes) {
    const T part = each.time / scale;
    sum += pow(part, shape);
    if (each.ended) sum -= log(shape / scale) + (shape - 1.0) * log(part);
  }
  return sum;
};

}  // namespace

TEST_CASE("weibull: the gradient by the scale in closed form") {
  const std::vector<double> x{0.4, 0.9};
  const auto found = programs::check(weibull, x);
  // d/d(log scale) of sum (t/s)^k - ended (log k - log s + (k - 1) log(t/s)): -k (t/s)^k + ended k
  const double shape = std::exp(x[0]), scale = std::exp(x[1]);
  double expected = 0;
  for (const auto& [time, ended] : kLifetimes)
    expected += shape * ((ended ? 1 : 0) - std::pow(time / scale, shape));
  CHECK(found.gradient[1] == doctest::Approx(expected).epsilon(1e-13));
}
