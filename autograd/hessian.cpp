#include "autograd/hessian.hpp"

#include <algorithm>

#include <autograd/derivatives.hpp>
#include <autograd/ranges.hpp>

namespace autograd::detail {

Matrix hessian_of_values(const Value& y, const RecordedInputs& inputs) {
  const std::size_t size = inputs.values().size();
  Matrix result{size, size, zeros<double>(size * size)};
  const std::vector<Value> slopes = derivatives(y, inputs.values());
  for (std::size_t i = 0; i < size; ++i)
    std::ranges::copy(inputs.gradient_of(slopes[i]),
                      result.data.begin() + static_cast<std::ptrdiff_t>(i * size));
  return result;
}

std::vector<double> hessian_vector_of_values(const Value& y, const RecordedInputs& inputs,
                                             Point v) {
  return inputs.gradient_of(dot(derivatives(y, inputs.values()), v));
}

}  // namespace autograd::detail
