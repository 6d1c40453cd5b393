#include "nn/data.hpp"

#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

// 0 <= result < count, each with the same probability: the last, incomplete run of `count` numbers
// of 64 bits is thrown away.
std::size_t index_below(std::size_t count, Random& random) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t runs = kLast / count;
  for (;;) {
    const std::uint64_t bits = random.bits();
    if (bits / runs < count) return static_cast<std::size_t>(bits / runs);
  }
}

}  // namespace

std::vector<double> one_hot(std::size_t index, std::size_t count) try {
  detail::check_index("nn::one_hot", index, count);
  detail::check_count("nn::one_hot", count, "number");
  std::vector<double> result(count, 0.0);
  result[index] = 1;
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<std::size_t> shuffled_indices(std::size_t count, Random& random) try {
  detail::check_count("nn::shuffled_indices", count, "row");
  std::vector<std::size_t> result(count);
  std::iota(result.begin(), result.end(), std::size_t{0});
  for (std::size_t left = count; left > 1; --left) {
    std::swap(result[left - 1], result[index_below(left, random)]);
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Split split(const Data& data, double train_fraction, std::uint64_t seed) try {
  if (!(train_fraction >= 0 && train_fraction <= 1)) {
    detail::fail("nn::split", "a fraction between 0 and 1", text::shortest(train_fraction));
  }
  Random random(seed);
  const auto train_count =
      static_cast<std::size_t>(std::llround(train_fraction * static_cast<double>(data.size())));
  Split result;
  for (const std::size_t row : shuffled_indices(data.size(), random)) {
    (result.train.size() < train_count ? result.train : result.test).push_back(data[row]);
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
