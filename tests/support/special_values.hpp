// The rows of autograd/special-values.md.
#pragma once

#include <vector>

#include <tests/support/special_value.hpp>

namespace autograd::special_values {

const std::vector<Case>& all();

}  // namespace autograd::special_values
