#include "nn/features.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include <nn/text/errors.hpp>

namespace nn {

namespace {

// A feature of the plane.
Feature of_two(const std::string& name, double (*f)(double x1, double x2)) {
  const auto checked = [name, f](std::span<const double> inputs) {
    if (inputs.size() < 2) {
      detail::fail("nn: feature '" + name + "'", "at least 2 inputs",
                   std::to_string(inputs.size()));
    }
    return f(inputs[0], inputs[1]);
  };
  return {name, checked};
}

}  // namespace

Features playground_features() try {
  return {of_two("x1", [](double x1, double) { return x1; }),
          of_two("x2", [](double, double x2) { return x2; }),
          of_two("x1^2", [](double x1, double) { return x1 * x1; }),
          of_two("x2^2", [](double, double x2) { return x2 * x2; }),
          of_two("x1 x2", [](double x1, double x2) { return x1 * x2; }),
          of_two("sin x1", [](double x1, double) { return std::sin(x1); }),
          of_two("sin x2", [](double, double x2) { return std::sin(x2); })};
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Features playground_features(std::span<const std::string_view> names) try {
  const Features all = playground_features();
  Features result;
  for (const std::string_view name : names) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Feature& each) { return each.name == name; });
    if (found == all.end()) {
      std::string known;
      for (const Feature& each : all) known += (known.empty() ? "" : ", ") + each.name;
      detail::fail("nn::playground_features", "one of " + known, detail::excerpt(name));
    }
    result.push_back(*found);
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<double> apply_features(const Features& features, std::span<const double> inputs) try {
  std::vector<double> result;
  result.reserve(features.size());
  for (const Feature& each : features) {
    if (!each.function) {
      detail::fail("nn: feature " + detail::excerpt(each.name), "a function", "an empty one");
    }
    result.push_back(each.function(inputs));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data apply_features(const Features& features, Data data) try {
  for (Sample& row : data) row.inputs = apply_features(features, row.inputs);
  return data;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
