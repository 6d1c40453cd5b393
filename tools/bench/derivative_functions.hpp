// Functions of several outputs and their Jacobians and Hessians as one would write them by hand.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "workloads.hpp"

namespace bench {

// tanh(B tanh(A x)) with 16 numbers between: any number of inputs and outputs, and work that the
// outputs share.
class Layers {
 public:
  static constexpr std::size_t hidden = 16;

  Layers(std::size_t inputs, std::size_t outputs)
      : inputs_(inputs),
        outputs_(outputs),
        first_(uniform(hidden * inputs, -0.2, 0.2, 11)),
        second_(uniform(outputs * hidden, -0.5, 0.5, 12)) {}

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  double first(std::size_t unit, std::size_t input) const { return first_[unit * inputs_ + input]; }
  double second(std::size_t output, std::size_t unit) const {
    return second_[output * hidden + unit];
  }
  std::vector<double> start() const { return uniform(inputs_, -1, 1, 13); }

  template <class T> std::vector<T> operator()(std::span<const T> x) const {
    return layer<T>(second_, layer<T>(first_, x));
  }

 private:
  template <class T>
  static std::vector<T> layer(std::span<const double> weights, std::span<const T> x) {
    using std::tanh;
    std::vector<T> result;
    result.reserve(weights.size() / x.size());
    for (auto row = weights; !row.empty(); row = row.subspan(x.size())) {
      T s = 0.0;
      for (std::size_t i = 0; i < x.size(); ++i) s += row[i] * x[i];
      result.push_back(tanh(s));
    }
    return result;
  }

  std::size_t inputs_, outputs_;
  std::vector<double> first_, second_;  // row by row
};

// Row by row: outputs times inputs, inputs times inputs.
std::vector<double> hand_jacobian(const Layers& f, std::span<const double> x);
std::vector<double> hand_hessian(const Rosenbrock& f, std::span<const double> x);

// Throw std::runtime_error if these are not what central differences give: of the function, and of
// the hand-written gradient.
void check_hand_jacobian(const Layers& f);
void check_hand_hessian(const Rosenbrock& f, std::span<const double> x);

}  // namespace bench
