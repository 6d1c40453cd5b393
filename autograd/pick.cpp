#include "autograd/pick.hpp"

#include <cmath>
#include <string>

#include <autograd/numbers/tracing.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {
namespace {

std::string places(std::size_t count) {
  return count == 1 ? "0" : "a whole number from 0 to " + std::to_string(count - 1);
}

}  // namespace

std::size_t place_of(double index, std::size_t count) {
  if (count == 0) throw Error("pick() from nothing: it needs at least one number");
  if (index >= 0 && index < static_cast<double>(count) && index == std::floor(index))
    return static_cast<std::size_t>(index);
  throw Error("pick(): the index is " + text::shortest(index) + ", but has to be " + places(count));
}

std::size_t whole_rows(std::size_t count, std::size_t columns) {
  if (columns > 0 && count % columns == 0) return count / columns;
  throw Error("pick_row(): " + std::to_string(count) + " numbers are not whole rows of " +
              std::to_string(columns));
}

std::vector<Value> traced_places(const Value& index, std::size_t count) {
  std::vector<Value> result;
  if (tape.tracing == nullptr) return result;
  return with_memory_errors([&] {
    const auto last = static_cast<double>(count - 1);
    tape.tracing->guards.push_back(
        {eq(index, clamp(floor(index), 0.0, last)), true, Tracing::kIndex, places(count)});
    // Between whole numbers, where there is no jump for strict derivatives.
    for (std::size_t k = 1; k < count; ++k)
      result.push_back(gt(index, static_cast<double>(k) - 0.5));
    return result;
  });
}

}  // namespace autograd::detail
