#include "autograd/expression/operations.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <autograd/ranges.hpp>

namespace autograd::detail {

namespace {

template <class Op> Scalar unary(const Scalar& x) {
  if (const double* number = std::get_if<double>(&x))
    return static_cast<double>(Op::value(*number));
  return Value::record<Op>(std::get<Value>(x));
}

template <class Op> Scalar binary(const Scalar& x, const Scalar& y) {
  const double* const a = std::get_if<double>(&x);
  const double* const b = std::get_if<double>(&y);
  if (a != nullptr && b != nullptr) return static_cast<double>(Op::value(*a, *b));
  if (a != nullptr) return Value::record<Op>(*a, std::get<Value>(y));
  if (b != nullptr) return Value::record<Op>(std::get<Value>(x), *b);
  return Value::record<Op>(std::get<Value>(x), std::get<Value>(y));
}

template <class Op> NamedOperation elementary() {
  NamedOperation result{.name = Op::info.name};
  if constexpr (Op::domain.size() == 1) {
    result.unary = unary<Op>;
  } else {
    result.least = result.most = 2;
    result.binary = binary<Op>;
  }
  return result;
}

// Second arguments that may be left out, as in the functions of the same name.
constexpr std::array kSeconds{std::pair<std::string_view, double>{"leaky_relu", 0.01},
                              std::pair<std::string_view, double>{"elu", 1.0}};

NamedOperation of_vector(std::string_view name, Value (*function)(const std::vector<Value>&)) {
  return {.name = name, .shape = Shape::kVector, .of_vector = function};
}

std::vector<NamedOperation> all_operations() {
  std::vector<NamedOperation> result;
  ops::Elementary::for_each([&]<class Op>() { result.push_back(elementary<Op>()); });
  for (const auto& [name, second] : kSeconds) {
    for (NamedOperation& each : result) {
      if (each.name != name) continue;
      each.least = 1;
      each.second = second;
    }
  }
  using Vector = const std::vector<Value>&;
  result.push_back(of_vector("sum", [](Vector x) { return sum(x); }));
  result.push_back(of_vector("mean", [](Vector x) { return mean(x); }));
  result.push_back(of_vector("norm", [](Vector x) { return norm(x); }));
  result.push_back(of_vector("squared_norm", [](Vector x) { return squared_norm(x); }));
  result.push_back(of_vector("logsumexp", [](Vector x) { return logsumexp(x); }));
  result.push_back({.name = "softmax", .shape = Shape::kSoftmax});
  result.push_back({.name = "dot", .shape = Shape::kDot, .least = 2, .most = 3});
  result.push_back({.name = "select", .shape = Shape::kSelect, .least = 3, .most = 3});
  return result;
}

}  // namespace

const std::vector<NamedOperation>& named_operations() {
  static const std::vector<NamedOperation> all = all_operations();
  return all;
}

std::size_t find_operation(std::string_view name) {
  const auto& all = named_operations();
  const auto found =
      std::ranges::find_if(all, [&](const NamedOperation& each) { return each.name == name; });
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace autograd::detail
