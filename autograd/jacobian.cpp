#include <algorithm>
#include <autograd/jacobian.hpp>
#include <autograd/ranges.hpp>

namespace autograd::detail {

std::vector<double> data_of(std::span<const Value> values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

namespace {

void zero_grads(std::span<const Value> values) {
  for (const Value& each : values) each.zero_grad();
}

std::vector<double> grads(std::span<const Value> values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const Value& each : values) result.push_back(each.grad());
  return result;
}

std::vector<double> gradient_of(const Value& y, std::span<const Value> inputs) {
  zero_grads(inputs);
  y.backward();
  return grads(inputs);
}

}  // namespace

Matrix jacobian_of_values(std::span<const Value> outputs, std::span<const Value> inputs) {
  Matrix result{outputs.size(), inputs.size(), std::vector<double>(outputs.size() * inputs.size())};
  if (outputs.size() <= inputs.size()) {
    for (std::size_t j = 0; j < outputs.size(); ++j) {
      std::ranges::copy(gradient_of(outputs[j], inputs),
                        result.data.begin() + static_cast<std::ptrdiff_t>(j * inputs.size()));
    }
    return result;
  }
  std::vector<double> direction(inputs.size(), 0.0);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    direction[i] = 1;
    const std::vector<double> column = push_forward(outputs, inputs, direction);
    for (std::size_t j = 0; j < outputs.size(); ++j) result(j, i) = column[j];
    direction[i] = 0;
  }
  return result;
}

std::vector<double> push_forward(std::span<const Value> outputs, std::span<const Value> inputs,
                                 Point direction) {
  Tape& graph = tape;
  const auto leaves = static_cast<std::size_t>(graph.leaf_capacity);
  const auto at = [leaves](Id id) {
    return leaves + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(id));
  };
  std::vector<double> slope(leaves + static_cast<std::size_t>(graph.size), 0.0);
  for (std::size_t i = 0; i < inputs.size(); ++i) slope[at(inputs[i].id())] = direction[i];
  for (Id id = 0; id < graph.size; ++id) {
    double sum = 0;
    for (const Edge& edge : graph.edges_of(id)) {
      const double inner = edge.id == kNumber ? 0.0 : slope[at(edge.id)];
      if (inner != 0 && edge.partial != 0) sum += edge.partial * inner;
    }
    slope[at(id)] = sum;
  }
  std::vector<double> result;
  result.reserve(outputs.size());
  for (const Value& y : outputs) result.push_back(y.id() == kZero ? 0.0 : slope[at(y.id())]);
  return result;
}

std::vector<double> pull_back(std::span<const Value> outputs, std::span<const Value> inputs,
                              Point weights) {
  return gradient_of(dot(outputs, weights), inputs);
}

Matrix hessian_of_values(const Value& y, std::span<const Value> inputs) {
  const std::vector<Value> gradient = derivatives(y, inputs);
  Matrix result{inputs.size(), inputs.size(), {}};
  for (const Value& each : gradient) {
    const std::vector<double> row = gradient_of(each, inputs);
    result.data.insert(result.data.end(), row.begin(), row.end());
  }
  return result;
}

std::vector<double> hessian_vector_of_values(const Value& y, std::span<const Value> inputs,
                                             Point v) {
  return gradient_of(dot(derivatives(y, inputs), v), inputs);
}

}  // namespace autograd::detail
