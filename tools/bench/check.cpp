#include "check.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>

#include "hand_gradients.hpp"

namespace bench {
namespace {

// d/dt f(x + t step) at t = 0 by a five-point rule, whose error is of fourth order in `step`.
template <class F>
double central_difference(const F& f, std::span<const double> x, std::span<const double> step) {
  const auto at = [&](double t) {
    std::vector<double> moved(x.begin(), x.end());
    for (std::size_t i = 0; i < x.size(); ++i) moved[i] += t * step[i];
    return f(std::span<const double>(moved));
  };
  return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / 12;
}

template <class F> class HandCheck {
 public:
  explicit HandCheck(F f) : f_(std::move(f)) { value_ = hand_gradient(f_, x_, gradient_); }

  void run() {
    const double value = f_(std::span<const double>(x_));
    if (!(std::abs(value - value_) <= 1e-12 * std::abs(value))) fail("the value", value, value_);

    const std::size_t stride = std::max<std::size_t>(1, x_.size() / 24);
    for (std::size_t i = 0; i < x_.size(); i += stride) {
      std::vector<double> step(x_.size());
      step[i] = 1e-3 * x_[i];
      compare("the change with input " + std::to_string(i), step);
    }
    std::mt19937_64 random(1);
    for (int direction = 0; direction < 2; ++direction) {
      std::vector<double> step(x_.size());
      for (std::size_t i = 0; i < x_.size(); ++i) step[i] = (random() % 2 ? 1e-3 : -1e-3) * x_[i];
      compare("the change along direction " + std::to_string(direction), step);
    }
  }

 private:
  // The allowance is for the differences' own error: rounding of f, and their fourth order.
  void compare(const std::string& what, const std::vector<double>& step) const {
    const double numeric = central_difference(f_, x_, step);
    double exact = 0;
    double size = 0;
    for (std::size_t i = 0; i < step.size(); ++i) {
      exact += gradient_[i] * step[i];
      size += std::abs(gradient_[i] * step[i]);
    }
    if (!(std::abs(exact - numeric) <= 1e-5 * size + 1e-13 * std::abs(value_))) {
      fail(what, numeric, exact);
    }
  }

  [[noreturn]] static void fail(const std::string& what, double expected, double given) {
    std::ostringstream text;
    text.precision(10);
    text << "the hand-written gradient of " << F::name << " is wrong: " << what << " is "
         << expected << ", not " << given;
    throw std::runtime_error(text.str());
  }

  F f_;
  std::vector<double> x_ = f_.start();
  std::vector<double> gradient_ = std::vector<double>(x_.size());
  double value_ = 0;
};

}  // namespace

void check_hand_gradient(std::string_view workload) {
  for_each_workload([&]<class F>(F f) {
    if (F::name == workload) HandCheck<F>(std::move(f)).run();
  });
}

double relative_error(std::span<const double> a, std::span<const double> b) {
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double d = std::abs(a[i] - b[i]);
    if (std::isnan(d)) return d;
    difference = std::max(difference, d);
    size = std::max(size, std::abs(b[i]));
  }
  return difference == 0 ? 0 : difference / size;
}

double error_of(Job& job, const Job& reference, bool has_gradient) {
  job.repeat(1);
  const double value = job.value();
  const double expected = reference.value();
  const double value_error = relative_error({&value, 1}, {&expected, 1});
  if (!has_gradient || std::isnan(value_error)) return value_error;
  const double gradient_error = relative_error(job.gradient(), reference.gradient());
  return std::isnan(gradient_error) ? gradient_error : std::max(value_error, gradient_error);
}

}  // namespace bench
