// Features: functions of the inputs that a network is given in their place.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nn/data.hpp>

namespace nn {

// {"r^2", [](std::span<const double> x) { return x[0] * x[0] + x[1] * x[1]; }}
struct Feature {
  std::string name;
  std::function<double(std::span<const double> inputs)> function;
};
using Features = std::vector<Feature>;

// The seven of TensorFlow Playground: x1, x2, x1^2, x2^2, x1 x2, sin x1, sin x2.
// They are functions of two inputs.
// Throws: Error, each of the functions, if it is given fewer inputs.
Features playground_features();
// Those of them with these names, in this order.
// Throws: Error, with all names, if there is none of a name.
Features playground_features(std::span<const std::string_view> names);
inline Features playground_features(std::initializer_list<std::string_view> names) {
  return playground_features(std::span(names.begin(), names.size()));
}

// Throws: Error if a function is empty.
std::vector<double> apply_features(const Features& features, std::span<const double> inputs);
// The targets stay as they are.
Data apply_features(const Features& features, Data data);

}  // namespace nn
