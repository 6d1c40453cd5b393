#include "autograd/hessian.hpp"

#include <autograd/derivatives.hpp>
#include <autograd/ranges.hpp>

namespace autograd::detail {

Matrix hessian_of_values(const Value& y, const RecordedInputs& inputs) {
  const std::size_t size = inputs.values().size();
  Matrix result{size, size, {}};
  for (const Value& each : derivatives(y, inputs.values())) {
    const std::vector<double> row = inputs.gradient_of(each);
    result.data.insert(result.data.end(), row.begin(), row.end());
  }
  return result;
}

std::vector<double> hessian_vector_of_values(const Value& y, const RecordedInputs& inputs,
                                             Point v) {
  return inputs.gradient_of(dot(derivatives(y, inputs.values()), v));
}

}  // namespace autograd::detail
