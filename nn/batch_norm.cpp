#include "nn/batch_norm.hpp"

#include <new>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

// The mean over the rows of the batch of one unit's value.
Value batch_mean(std::span<const Value> column) { return autograd::mean_over_rows(column); }

// factor x + plus: one node.
Value scaled(const Value& factor, const Value& x, const Value& plus) {
  return autograd::dot(std::span(&factor, 1), std::span(&x, 1), plus);
}

// Variance is a number or a Value.
template <class Variance>
Value scale(const Value& gamma, const Variance& variance, double epsilon) {
  return gamma / autograd::sqrt(variance + epsilon);
}

}  // namespace

BatchNorm::Batch BatchNorm::train(std::span<const Value> x, const Value& gamma,
                                  const Value& beta) const try {
  Batch result;
  result.mean = batch_mean(x);
  std::vector<Value> centred, squares;
  centred.reserve(x.size());
  squares.reserve(x.size());
  for (const Value& each : x) {
    centred.push_back(each - result.mean);
    squares.push_back(square(centred.back()));
  }
  result.variance = batch_mean(squares);
  const Value factor = scale(gamma, result.variance, epsilon);
  result.normalised.reserve(x.size());
  for (const Value& each : centred) result.normalised.push_back(scaled(factor, each, beta));
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Value BatchNorm::evaluate(const Value& x, double mean, double variance, const Value& gamma,
                          const Value& beta) const {
  return scaled(scale(gamma, variance, epsilon), x - mean, beta);
}

void BatchNorm::check() const {
  if (!(epsilon >= 0)) {
    detail::fail("nn::BatchNorm", "an epsilon of at least 0", text::shortest(epsilon));
  }
  if (!(momentum >= 0 && momentum <= 1)) {
    detail::fail("nn::BatchNorm", "a momentum from 0 to 1", text::shortest(momentum));
  }
}

}  // namespace nn
