#include "autograd/replay/one_row.hpp"

namespace autograd::detail {

Column Column::of(std::span<const std::uint32_t> variables) {
  Column result{variables[0], 0, {}};
  if (variables.size() > 1) result.step = std::int64_t{variables[1]} - std::int64_t{variables[0]};
  for (std::size_t i = 1; i < variables.size(); ++i) {
    if (std::int64_t{variables[i]} - std::int64_t{variables[i - 1]} != result.step) {
      result.list.assign(variables.begin(), variables.end());
      break;
    }
  }
  return result;
}

}  // namespace autograd::detail
