#include "tests/support/operations.hpp"

#include <algorithm>
#include <stdexcept>

namespace operations {

template const std::vector<Calls<autograd::Value>>& calls();

namespace {

using autograd::detail::dx_beside_number;
using autograd::detail::dy_beside_number;

template <class Op> Operation operation(const Calls<autograd::Value>& on_values) {
  if constexpr (Op::domain.size() == 1) {
    const auto derivatives = [](double x, double) {
      return std::array{Op::dx(x, Op::value(x)), 0.0};
    };
    return {.info = Op::info,
            .domain = Op::domain,
            .value = [](double x, double) -> double { return Op::value(x); },
            .derivatives = derivatives,
            .derivatives_beside_number = derivatives,
            .singularity = [](std::size_t operand, double x,
                              double) { return ops::singularity_of<Op>(operand, Op::value(x), x); },
            .on_values = on_values};
  } else {
    return {.info = Op::info,
            .domain = Op::domain,
            .value = [](double x, double y) -> double { return Op::value(x, y); },
            .derivatives =
                [](double x, double y) {
                  const double r = Op::value(x, y);
                  return std::array<double, 2>{Op::dx(x, y, r), Op::dy(x, y, r)};
                },
            .derivatives_beside_number =
                [](double x, double y) {
                  const double r = Op::value(x, y);
                  return std::array<double, 2>{dx_beside_number<Op>(x, y, r),
                                               dy_beside_number<Op>(x, y, r)};
                },
            .singularity =
                [](std::size_t operand, double x, double y) {
                  return ops::singularity_of<Op>(operand, Op::value(x, y), x, y);
                },
            .on_values = on_values};
  }
}

}  // namespace

const std::vector<Operation>& all() {
  static const std::vector<Operation> result = [] {
    std::vector<Operation> all;
    ops::Elementary::for_each(
        [&]<class Op> { all.push_back(operation<Op>(calls<autograd::Value>()[all.size()])); });
    return all;
  }();
  return result;
}

const Operation& named(std::string_view name) {
  const auto found =
      std::ranges::find(all(), name, [](const auto& each) { return each.info.name; });
  if (found == all().end()) throw std::out_of_range("no operation " + std::string(name));
  return *found;
}

}  // namespace operations
