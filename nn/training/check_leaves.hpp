// Parameters that can be changed.
#pragma once

#include <span>
#include <string>

#include <autograd/autograd.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

inline void check_leaves(const std::string& what, std::span<const autograd::Value> parameters) {
  for (const autograd::Value& each : parameters) {
    if (each.is_leaf()) continue;
    fail(what, "leaves, which can be changed", "the result of '" + std::string(each.op()) + "'");
  }
}

}  // namespace nn::detail
