#include "nn/python_random.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <new>
#include <numbers>
#include <string>

#include <nn/sampling.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace {

// Rounded on its own: not fused with an addition, which compilers may do where they see both.
[[gnu::noinline]] double product(double x, double y) { return x * y; }

}  // namespace

// init_by_array() of the authors.
void PythonRandom::seed(std::span<const std::uint32_t> words) {
  while (!words.empty() && words.back() == 0) words = words.first(words.size() - 1);
  constexpr std::array<std::uint32_t, 1> kNull{0};
  const std::span<const std::uint32_t> key = words.empty() ? kNull : words;

  state_[0] = 19650218;
  for (std::size_t i = 1; i < kWords; ++i) {
    const std::uint32_t last = state_[i - 1];
    state_[i] = 1812433253 * (last ^ (last >> 30)) + static_cast<std::uint32_t>(i);
  }
  std::size_t i = 1;
  const auto mix = [&](std::uint32_t factor, std::uint32_t plus) {
    const std::uint32_t last = state_[i - 1];
    state_[i] = (state_[i] ^ ((last ^ (last >> 30)) * factor)) + plus;
    if (++i == kWords) {
      state_[0] = state_[kWords - 1];
      i = 1;
    }
  };
  for (std::size_t n = 0; n < std::max(kWords, key.size()); ++n) {
    const std::size_t j = n % key.size();
    mix(1664525, key[j] + static_cast<std::uint32_t>(j));
  }
  for (std::size_t n = 1; n < kWords; ++n) mix(1566083941, 0 - static_cast<std::uint32_t>(i));
  state_[0] = 0x80000000;
  used_ = kWords;
  kept_.reset();
}

void PythonRandom::twist() {
  constexpr std::size_t kApart = 397;
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint32_t next = state_[(i + 1) % kWords];
    const std::uint32_t y = (state_[i] & 0x80000000) | (next & 0x7fffffff);
    state_[i] = state_[(i + kApart) % kWords] ^ (y >> 1) ^ (y % 2 == 0 ? 0 : 0x9908b0df);
  }
  used_ = 0;
}

std::uint32_t PythonRandom::next() {
  if (used_ == kWords) twist();
  std::uint32_t y = state_[used_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

double PythonRandom::random() {
  const double high = next() >> 5;  // 27 bits, then 26
  return (high * 0x1p26 + (next() >> 6)) * 0x1p-53;
}

std::uint64_t PythonRandom::getrandbits(unsigned bits) {
  if (bits > 64)
    detail::fail("nn::PythonRandom::getrandbits", "at most 64 bits", std::to_string(bits));
  if (bits == 0) return 0;
  if (bits <= 32) return next() >> (32 - bits);
  const std::uint64_t low = next();
  return low | std::uint64_t{next() >> (64 - bits)} << 32;
}

double PythonRandom::uniform(double a, double b) { return a + product(b - a, random()); }

double PythonRandom::gauss(double mu, double sigma) {
  double z;
  if (kept_) {
    z = *kept_;
    kept_.reset();
  } else {
    const double angle = random() * (2 * std::numbers::pi);
    const double radius = std::sqrt(-2 * std::log(1 - random()));
    z = std::cos(angle) * radius;
    kept_ = std::sin(angle) * radius;
  }
  return mu + product(z, sigma);
}

std::uint64_t PythonRandom::below(std::uint64_t n) {
  if (n == 0) detail::fail("nn::PythonRandom", "something to choose from", "nothing");
  const auto bits = static_cast<unsigned>(std::bit_width(n));
  std::uint64_t result = getrandbits(bits);
  while (result >= n) result = getrandbits(bits);
  return result;
}

std::int64_t PythonRandom::randrange(std::int64_t start, std::int64_t stop) {
  if (start >= stop) {
    detail::fail("nn::PythonRandom::randrange", "a start below the stop",
                 std::to_string(start) + " and " + std::to_string(stop));
  }
  const std::uint64_t first = static_cast<std::uint64_t>(start);
  return static_cast<std::int64_t>(first + below(static_cast<std::uint64_t>(stop) - first));
}

std::int64_t PythonRandom::randint(std::int64_t a, std::int64_t b) {
  if (a > b || b == std::numeric_limits<std::int64_t>::max()) {
    detail::fail("nn::PythonRandom::randint", "numbers a <= b, b below 2^63 - 1",
                 std::to_string(a) + " and " + std::to_string(b));
  }
  return randrange(a, b + 1);
}

std::vector<std::size_t> PythonRandom::choices(std::span<const double> weights,
                                               std::size_t count) try {
  const std::vector<double> sums = detail::cumulative("nn::PythonRandom::choices", weights);
  std::vector<std::size_t> result(count);
  for (std::size_t& each : result) each = detail::first_above(sums, random());
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
