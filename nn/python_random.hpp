// PythonRandom: the random numbers of CPython's module `random`, bit for bit, so that a lesson
// written in Python can be followed to the last digit. For anything else there is Random.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace nn {

// What `random.seed(42)` and the functions of the module do, under their names. Whole numbers are
// the same everywhere. gauss() asks log, sin and cos of the platform's mathematics library, as
// CPython does: its numbers are those of a CPython that runs on the same library.
//
// A seed is a whole number. CPython also takes texts, floating-point numbers and None; these are
// not offered.
//
// Source: M. Matsumoto, T. Nishimura, "Mersenne twister: a 623-dimensionally equidistributed
//         uniform pseudo-random number generator", ACM TOMACS 8(1), 1998 (MT19937, seeded by array
//         as the authors published it in 2002); "The Python standard library", random, CPython 3.11.
class PythonRandom {
 public:
  // As CPython, takes the absolute value: -42 gives the numbers of 42.
  template <std::integral Seed> explicit PythonRandom(Seed seed) { this->seed(seed); }
  // A seed of any size, |seed| = words_0 + 2^32 words_1 + 2^64 words_2 + ...; of no words, 0.
  explicit PythonRandom(std::span<const std::uint32_t> words) { seed(words); }

  // Begins anew.
  template <std::integral Seed> void seed(Seed seed) {
    // Its sign is taken off below.  NOLINTNEXTLINE(bugprone-signed-char-misuse)
    auto magnitude = static_cast<std::uint64_t>(seed);
    if constexpr (std::signed_integral<Seed>) {
      if (seed < 0) magnitude = 0 - magnitude;
    }
    const std::array words{static_cast<std::uint32_t>(magnitude),
                           static_cast<std::uint32_t>(magnitude >> 32)};
    this->seed(std::span<const std::uint32_t>(words));
  }
  void seed(std::span<const std::uint32_t> words);

  // A multiple of 2^-53, 0 <= x < 1.
  double random();
  // 0 <= x < 2^bits. Of 0 bits 0, and nothing is drawn.
  // Throws: Error for more than 64 bits.
  std::uint64_t getrandbits(unsigned bits);
  // a + (b - a) random().
  double uniform(double a, double b);
  // A normal number by the polar form of Box and Muller. Numbers come in pairs: the second is kept
  // for the next call, as in CPython.
  double gauss(double mu = 0, double sigma = 1);

  // One of start, ..., stop - 1; one of a, ..., b.
  // Throws: Error if there is none, or b is 2^63 - 1.
  std::int64_t randrange(std::int64_t start, std::int64_t stop);
  std::int64_t randrange(std::int64_t stop) { return randrange(0, stop); }
  std::int64_t randint(std::int64_t a, std::int64_t b);
  // One of 0, ..., n - 1: what randrange, shuffle and choice are made of.
  // Throws: Error for n = 0.
  std::uint64_t below(std::uint64_t n);

  // Fisher's and Yates' permutation, from the last element down.
  template <class T> void shuffle(std::vector<T>& x) {
    for (std::size_t i = x.size(); i-- > 1;) std::swap(x[i], x[below(i + 1)]);
  }
  // Throws: Error if there is no element.
  template <class T> const T& choice(const std::vector<T>& x) { return x[below(x.size())]; }

  // Indices, drawn with replacement by their weights: choices(range(n), weights, k=count).
  // Throws: Error as nn::categorical() does.
  std::vector<std::size_t> choices(std::span<const double> weights, std::size_t count = 1);

 private:
  static constexpr std::size_t kWords = 624;

  std::uint32_t next();  // 32 random bits
  void twist();

  std::array<std::uint32_t, kWords> state_;
  std::size_t used_ = kWords;   // of state_, since it was twisted
  std::optional<double> kept_;  // the second of a pair of gauss()
};

}  // namespace nn
