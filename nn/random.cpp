#include "nn/random.hpp"

#include <bit>
#include <cmath>

#include <autograd/autograd.hpp>

namespace nn {

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    std::uint64_t z = seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

Random::Random(const State& state) : state_(state) {
  if (state == State{}) {
    throw autograd::Error(
        "nn::Random: expected a state that is not 0 everywhere, got 0, 0, 0, 0: only 0 would "
        "follow from it. Take a state from state(), or give a seed.");
  }
}

std::uint64_t Random::bits() {
  auto& [a, b, c, d] = state_;
  const std::uint64_t result = std::rotl(a + d, 23) + a;
  const std::uint64_t shifted = b << 17;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = std::rotl(d, 45);
  return result;
}

// fma, because some compilers fuse a * b + c and others do not.
double Random::uniform(double low, double high) { return std::fma(high - low, uniform(), low); }

double Random::normal(double mean, double deviation) { return std::fma(deviation, normal(), mean); }

namespace {

// True with probability e^(-1/2): the length of the run 1/2 > u_1 > u_2 > ... is even.
bool half_life(Random& random) {
  double last = 0.5;
  for (bool even = true;; even = !even) {
    const double next = random.uniform();
    if (next >= last) return even;
    last = next;
  }
}

// True with probability e^(-x (2k + x) / (2k + 2)).
bool survives(double k, double x, Random& random) {
  const double chance = (2 * k + x) / (2 * k + 2);
  double last = x;
  for (bool even = true;; even = !even) {
    const double next = random.uniform();
    if (next >= last || random.uniform() >= chance) return even;
    last = next;
  }
}

}  // namespace

// |normal| = k + x with a whole number k and 0 <= x < 1.
double Random::normal() {
  for (;;) {
    int k = 0;
    while (half_life(*this)) ++k;
    bool accepted = true;  // with probability e^(-k (k - 1) / 2)
    for (int i = k * (k - 1); i > 0 && accepted; --i) accepted = half_life(*this);
    const double x = uniform();
    for (int i = 0; i <= k && accepted; ++i)
      accepted = survives(k, x, *this);  // e^(-x (2k + x) / 2)
    if (accepted) return (bits() >> 63) != 0 ? -(k + x) : k + x;
  }
}

}  // namespace nn
