// Labels of many Values at once, for drawings and explanations.
#pragma once

#include <concepts>
#include <cstddef>
#include <ranges>
#include <string>

#include <autograd/autograd.hpp>

namespace nn {

// Labels x_0, x_1, ... as <name>[0], <name>[1], ...; with another `opening`, as that has it:
// "[2," gives <name>[2,0]. Does nothing for numbers that are no Values, so that code which is
// written once for every number type may say what its numbers are.
//
// Cost: a text for each Value, and the sums among them no longer grow in place. Label what is to be
//       drawn, not what is trained.
template <autograd::NumberRange X>
void set_labels(const X& x, const std::string& name, const std::string& opening = "[") {
  if constexpr (std::same_as<std::ranges::range_value_t<X>, autograd::Value>) {
    std::size_t i = 0;
    for (autograd::Value each : x) each.set_label(name + opening + std::to_string(i++) + "]");
  }
}

}  // namespace nn
