#include "autograd/minimize.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <autograd/minimize/directions.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

using Place = Minimum::Place;

double largest(const std::vector<double>& x) {
  double result = 0;
  for (const double each : x) result = std::max(result, std::abs(each));
  return result;
}

bool is_finite(const Place& place) {
  const auto finite = [](double x) { return std::isfinite(x); };
  return finite(place.value) && std::ranges::all_of(place.gradient, finite);
}

void check_options(Point start, const MinimizeOptions& options) {
  if (start.empty()) throw Error("minimize(): expected a start of at least one number, got none");
  if (!(options.tolerance >= 0))
    throw Error("minimize(): expected a tolerance of at least 0, got " +
                text::shortest(options.tolerance));
  if (options.rate && !(*options.rate > 0 && std::isfinite(*options.rate)))
    throw Error("minimize(): expected a finite rate above 0, got " + text::shortest(*options.rate));
}

class Descent {
 public:
  Descent(const detail::FunctionToMinimize& f, Point start, const MinimizeOptions& options)
      : f_(f), options_(options), inverse_(uses_bfgs() ? start.size() : 0) {
    result_.path.push_back(at({start.begin(), start.end()}));
  }

  Minimum run() && {
    result_.end = descend();
    return std::move(result_);
  }

 private:
  bool uses_bfgs() const { return options_.method == Minimiser::kBfgs; }

  Place at(std::vector<double> x) {
    ++result_.calls;
    auto [value, gradient] = f_.value_and_gradient(x);
    return {std::move(x), value, std::move(gradient)};
  }

  Place at(const Place& from, const std::vector<double>& direction, double length) {
    std::vector<double> x = from.x;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += length * direction[i];
    return at(std::move(x));
  }

  Minimum::End descend() {
    if (!is_finite(result_.path.back())) return Minimum::End::kNotFinite;
    for (std::size_t step = 0; step < options_.most_steps; ++step) {
      if (largest(result_.path.back().gradient) <= options_.tolerance)
        return Minimum::End::kConverged;
      if (const auto end = take_step()) return *end;
    }
    const bool is_there = largest(result_.path.back().gradient) <= options_.tolerance;
    return is_there ? Minimum::End::kConverged : Minimum::End::kMostSteps;
  }

  // Nothing if it has led to a new place.
  std::optional<Minimum::End> take_step() {
    const Place from = result_.path.back();
    std::vector<double> direction = direction_at(from);
    if (options_.method == Minimiser::kGradientDescent && options_.rate) {
      Place next = at(from, direction, *options_.rate);
      if (!is_finite(next)) return Minimum::End::kNotFinite;
      result_.path.push_back(std::move(next));
      return {};
    }
    const auto end = search(from, direction);
    if (!end && uses_bfgs()) inverse_.update(from, result_.path.back());
    return end;
  }

  // One that goes down: minus the gradient where the method knows none.
  std::vector<double> direction_at(const Place& from) {
    std::vector<double> result;
    if (options_.method == Minimiser::kNewton)
      result = detail::newton_direction(f_.hessian(from.x), from.gradient);
    if (uses_bfgs()) result = inverse_.direction(from.gradient);
    const bool is_descent = !result.empty() && detail::inner_product(result, from.gradient) < 0;
    if (is_descent) return result;
    if (uses_bfgs()) inverse_ = detail::InverseHessian(from.x.size());
    result = from.gradient;
    for (double& each : result) each = -each;
    return result;
  }

  // A length with the weak Wolfe conditions, by halving and doubling.
  std::optional<Minimum::End> search(const Place& from, const std::vector<double>& direction) {
    constexpr double kFall = 1e-4, kFlatter = 0.9;
    constexpr int kMostTrials = 100, kMostDoublings = 50;
    const double slope = detail::inner_product(direction, from.gradient);
    const bool is_gradient = options_.method == Minimiser::kGradientDescent;
    double low = 0, high = 0;  // high: 0 for none yet
    double length = is_gradient ? last_length_ : 1;
    int doublings = 0;
    std::optional<Place> lower;  // the last place that is low enough
    for (int trial = 0; trial < kMostTrials && doublings < kMostDoublings; ++trial) {
      Place next = at(from, direction, length);
      if (next.x == from.x) break;
      const bool falls = is_finite(next) && next.value <= from.value + kFall * length * slope;
      if (!falls) {
        high = length;
      } else if (detail::inner_product(direction, next.gradient) < kFlatter * slope) {
        low = length;
        lower = std::move(next);
      } else {
        return accept(std::move(next), length);
      }
      doublings += high == 0;
      length = high == 0 ? 2 * low : (low + high) / 2;
    }
    if (doublings == kMostDoublings) return Minimum::End::kUnbounded;
    if (!lower) return Minimum::End::kNoDescent;
    return accept(std::move(*lower), low);
  }

  std::optional<Minimum::End> accept(Place&& place, double length) {
    last_length_ = length;
    result_.path.push_back(std::move(place));
    return {};
  }

  const detail::FunctionToMinimize& f_;
  const MinimizeOptions& options_;
  detail::InverseHessian inverse_;
  double last_length_ = 1;
  Minimum result_;
};

}  // namespace

std::string_view to_string(Minimum::End end) {
  switch (end) {
    case Minimum::End::kConverged:
      return "no slope is larger than the tolerance";
    case Minimum::End::kMostSteps:
      return "all steps are done";
    case Minimum::End::kNoDescent:
      return "no step goes down: rounding, or a kink";
    case Minimum::End::kUnbounded:
      return "the value falls without end";
    case Minimum::End::kNotFinite:
      return "the value or a slope is not finite";
  }
  return "";
}

namespace detail {

Minimum minimize(const FunctionToMinimize& f, Point start, const MinimizeOptions& options) {
  check_options(start, options);
  return Descent(f, start, options).run();
}

}  // namespace detail
}  // namespace autograd
