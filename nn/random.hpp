// Random: numbers that look random, the same bits for the same seed on every platform.
//
// That is why it is here:
// the distributions of the standard library differ from one library to the next.
#pragma once

#include <array>
#include <cstdint>

namespace nn {

// xoshiro256++ 1.0, period 2^256 - 1.  Not for secrets.
//
// Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4),
//         2021; code in the public domain at https://prng.di.unimi.it.
class Random {
 public:
  using State = std::array<std::uint64_t, 4>;

  // The state is filled by SplitMix64 (same source), as its authors recommend.
  explicit Random(std::uint64_t seed);
  // Goes on where another one stood.
  // Throws: Error if all four are 0.
  explicit Random(const State& state);
  const State& state() const { return state_; }

  // 64 random bits.
  std::uint64_t bits();

  // A multiple of 2^-53, 0 <= u < 1.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

  // low + (high - low) u, rounded once; may be `high` itself by that rounding.
  double uniform(double low, double high);

  // Mean 0 and variance 1, rounded to a multiple of 2^-53 near 0.  Compares uniform numbers only,
  // no logarithm or square root, so that no platform's mathematics library has a say.
  //
  // Cost:   18 numbers of 64 bits on average.
  // Source: C. F. F. Karney, "Sampling exactly from the normal distribution", ACM TOMS 42(1), 2016,
  //         algorithm N.
  double normal();
  double normal(double mean, double deviation);

 private:
  State state_;
};

}  // namespace nn
