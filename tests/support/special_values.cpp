#include "tests/support/special_values.hpp"

namespace autograd::special_values {

template const std::vector<Case<double>>& all();
template const std::vector<Case<Value>>& all();

}  // namespace autograd::special_values
