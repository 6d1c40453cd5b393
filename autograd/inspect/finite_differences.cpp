#include "autograd/inspect/finite_differences.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace autograd::detail {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRatio = 4;  // of each step to the next

// Smaller is better: by relative error where that is small, behind these by error.
double rank(const DifferenceEstimate& estimate) {
  if (estimate.error == 0) return 0;
  const double size = std::abs(estimate.value);
  return estimate.error <= 0.01 * size ? estimate.error / size : 1 + estimate.error;
}

// Difference quotients, added from the largest step to the smallest.
class Extrapolation {
 public:
  // The error of a quotient is a series in step^power.
  explicit Extrapolation(double power) : factor_(std::pow(kRatio, power)) {}

  // `noise` is what rounding may have done to the quotient.
  void add(double step, double quotient, double noise) {
    std::vector<double> row{quotient};
    double factor = 1;
    for (const double before : last_) {
      if (row.size() > kOrders) break;
      factor *= factor_;
      const double better = row.back() + (row.back() - before) / (factor - 1);
      const double error =
          noise + std::max(std::abs(better - row.back()), std::abs(better - before));
      const DifferenceEstimate found{better, error, step};
      if (rank(found) < rank(best_)) {
        best_ = found;
        order_ = row.size();
      }
      row.push_back(better);
    }
    last_ = row;
    rows_.push_back({step, std::move(row)});
  }
  void skip() { last_.clear(); }

  const DifferenceEstimate& best_so_far() const { return best_; }
  // f may be noisier than its rounding: then extrapolations from smaller steps scatter around the
  // best.
  DifferenceEstimate best() const {
    DifferenceEstimate result = best_;
    for (const auto& [step, row] : rows_) {
      if (step >= best_.step || row.size() <= order_) continue;
      const double scatter = std::abs(row[order_] - best_.value) * (step / best_.step);
      result.error = std::max(result.error, scatter);
    }
    return result;
  }

 private:
  static constexpr std::size_t kOrders = 4;

  double factor_;
  std::vector<double> last_;
  std::vector<std::pair<double, std::vector<double>>> rows_;  // by step: of order 0, 1, ...
  DifferenceEstimate best_{0.0, kInfinity, 0.0};
  std::size_t order_ = 0;  // of the best
};

// What f does around a point, step by step.
class Search {
 public:
  Search(const std::function<double(double)>& f, double x, double f_x)
      : f_(f), x_(x), f_x_(f_x), largest_(std::abs(f_x)) {}

  // Steps from `first` down to `last`, as long as smaller ones may be better.
  void run(double first, double last) {
    for (double h = first; h >= last; h /= kRatio) {
      const double noise = take(h);
      if (noise > 16 * central_.best_so_far().error) break;
    }
  }

  DifferenceEstimates result() const {
    return {central_.best(), left_.best(), right_.best(), largest_, has_jump()};
  }

 private:
  double take(double h) {
    const double above = f_(x_ + h), below = f_(x_ - h);
    const bool has_above = std::isfinite(above), has_below = std::isfinite(below);
    if (has_above) largest_ = std::max(largest_, std::abs(above));
    if (has_below) largest_ = std::max(largest_, std::abs(below));
    const double noise = 4 * std::numeric_limits<double>::epsilon() *
                         std::max({std::abs(f_x_), has_above ? std::abs(above) : 0.0,
                                   has_below ? std::abs(below) : 0.0}) /
                         h;
    has_above ? right_.add(h, (above - f_x_) / h, noise) : right_.skip();
    has_below ? left_.add(h, (f_x_ - below) / h, noise) : left_.skip();
    has_above&& has_below ? central_.add(h, (above - below) / (2 * h), noise) : central_.skip();
    changes_.push_back(std::max(has_above ? std::abs(above - f_x_) : 0.0,
                                has_below ? std::abs(f_x_ - below) : 0.0));
    return noise;
  }

  // Whether f changes as much over the smallest step as over one 64 times as large.
  bool has_jump() const {
    if (changes_.size() < 4) return false;
    const double change = changes_.back();
    return change > 0.7 * changes_[changes_.size() - 4] &&
           change > 256 * std::numeric_limits<double>::epsilon() * largest_;
  }

  const std::function<double(double)>& f_;
  double x_, f_x_, largest_;
  Extrapolation central_{2}, left_{1}, right_{1};
  std::vector<double> changes_;  // of f, by step
};

}  // namespace

bool DifferenceEstimate::is_known() const { return error <= 1e-3 * std::abs(value); }

bool DifferenceEstimates::has_kink() const {
  const double gap = std::abs(right.value - left.value);
  return gap > 4 * (right.error + left.error) &&
         gap > 1e-6 * std::max(std::abs(right.value), std::abs(left.value));
}

DifferenceEstimates finite_differences(const std::function<double(double)>& f, double x,
                                       double f_x) {
  constexpr double kSmallest = 0x1p-26;
  const double size = x == 0 ? 0.0 : std::exp2(std::floor(std::log2(std::abs(x))));
  const auto search = [&](double scale) {
    Search steps(f, x, f_x);
    steps.run(0.25 * scale, kSmallest * scale);
    return steps.result();
  };
  const DifferenceEstimates large = search(std::max(size, 1.0));
  if (size == 0 || size >= 1 || large.central.is_known()) return large;
  // Where x is small, f may change over distances as small as x.
  const DifferenceEstimates small = search(size);
  return rank(small.central) < rank(large.central) ? small : large;
}

}  // namespace autograd::detail
