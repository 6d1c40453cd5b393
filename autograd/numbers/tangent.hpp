// Tangent<N>: the derivatives of a number in N directions.
#pragma once

#include <array>
#include <cstddef>

#include <autograd/system/simd_vector.hpp>

namespace autograd::detail {

// How many doubles stand in one vector. g++ takes a vector that is wider than the registers of the
// processor apart through memory.
#if defined(__AVX__) || defined(__clang__)
inline constexpr std::size_t kSimdWidth = 4;
#else
inline constexpr std::size_t kSimdWidth = 2;
#endif

// S is the type of the derivatives: double, or a number that has derivatives of its own.
template <std::size_t N, class S = double> class Tangent {
 public:
  // 1 at i, else 0.
  [[gnu::always_inline]] static Tangent unit(std::size_t i) {
    Tangent result;
    result.numbers_[i] = 1.0;
    return result;
  }

  const S& operator[](std::size_t i) const { return numbers_[i]; }

  [[gnu::always_inline]] friend Tangent operator*(const auto& x, const Tangent& y) {
    Tangent result;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < N; ++i) result.numbers_[i] = x * y[i];
    return result;
  }
  [[gnu::always_inline]] friend Tangent operator+(const Tangent& x, const Tangent& y) {
    Tangent result;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < N; ++i) result.numbers_[i] = x[i] + y[i];
    return result;
  }

 private:
  std::array<S, N> numbers_{};
};

// More than 4 doubles: several vectors.
template <std::size_t N>
requires(N > 4)
class Tangent<N, double> {
 public:
  // 1 at i, else 0.
  [[gnu::always_inline]] static Tangent unit(std::size_t i) {
    Tangent result;
    result.vectors_[i / kSimdWidth][i % kSimdWidth] = 1;
    return result;
  }

  [[gnu::always_inline]] double operator[](std::size_t i) const {
    return vectors_[i / kSimdWidth][i % kSimdWidth];
  }
  [[gnu::always_inline]] friend Tangent operator*(double x, const Tangent& y) {
    Tangent result;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) result.vectors_[i] = x * y.vectors_[i];
    return result;
  }
  [[gnu::always_inline]] friend Tangent operator+(const Tangent& x, const Tangent& y) {
    Tangent result;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) result.vectors_[i] = x.vectors_[i] + y.vectors_[i];
    return result;
  }

 private:
  static constexpr std::size_t kVectors = (N + 3) / 4 * 4 / kSimdWidth;

  typename SimdVector<kSimdWidth>::Stored vectors_[kVectors] = {};
};

// At most 4 doubles.
//
// The tangents of inputs are 1 and 0. As long as the compiler knows a number of a vector, the
// numbers of this vector are computed one by one: most of the products fall away, and the rest is
// what one would write by hand. For this all of Tangent and Dual is inlined always: a compiler that
// inlines one of their functions late asks whether a number is known too early.
template <std::size_t N>
requires(N <= 4)
class Tangent<N, double> {
 public:
  [[gnu::always_inline]] constexpr Tangent() : vectors_{} {}
  // 1 at i, else 0.
  [[gnu::always_inline]] static constexpr Tangent unit(std::size_t i) {
    Tangent result;
    result.vectors_[i / kWidth][i % kWidth] = 1;
    return result;
  }

  [[gnu::always_inline]] double operator[](std::size_t i) const {
    const Vector x = vectors_[i / kWidth];  // whole: else it would lie in memory
    return x[i % kWidth];
  }
  [[gnu::always_inline]] friend Tangent operator*(double x, const Tangent& y) {
    Tangent result;
#pragma GCC unroll 2
    for (std::size_t k = 0; k < kVectors; ++k) {
      const Vector b = y.vectors_[k];
      if (is_known(b)) {
        set_lanes(result.vectors_[k],
                  [x, b](std::size_t i) { return is_zero(b[i]) ? 0.0 : x * b[i]; });
      } else {
        result.vectors_[k] = x * b;
      }
    }
    return result;
  }
  [[gnu::always_inline]] friend Tangent operator+(const Tangent& x, const Tangent& y) {
    Tangent result;
#pragma GCC unroll 2
    for (std::size_t k = 0; k < kVectors; ++k) {
      const Vector a = x.vectors_[k], b = y.vectors_[k];
      if (is_known(a) && is_known(b)) {
        set_lanes(result.vectors_[k], [a, b](std::size_t i) {
          return is_zero(a[i]) ? b[i] : is_zero(b[i]) ? a[i] : a[i] + b[i];
        });
      } else {
        result.vectors_[k] = a + b;
      }
    }
    return result;
  }

 private:
  static constexpr std::size_t kWidth = N < kSimdWidth ? (N == 3 ? 4 : N) : kSimdWidth;
  static constexpr std::size_t kVectors = (N + kWidth - 1) / kWidth;
  using Vector = typename SimdVector<kWidth>::Stored;

  [[gnu::always_inline]] static bool is_zero(double x) { return __builtin_constant_p(x) && x == 0; }
  [[gnu::always_inline]] static bool is_known(const Vector& x) {
    bool known = __builtin_constant_p(x[0]);
    if constexpr (kWidth > 1) known = known || __builtin_constant_p(x[1]);
    if constexpr (kWidth > 2) known = known || __builtin_constant_p(x[2]);
    if constexpr (kWidth > 3) known = known || __builtin_constant_p(x[3]);
    return known;
  }
  [[gnu::always_inline]] static void set_lanes(Vector& result, const auto& lane) {
    if constexpr (kWidth == 1) result = Vector{lane(0)};
    if constexpr (kWidth == 2) result = Vector{lane(0), lane(1)};
    if constexpr (kWidth == 4) result = Vector{lane(0), lane(1), lane(2), N == 4 ? lane(3) : 0.0};
  }

  Vector vectors_[kVectors];
};

}  // namespace autograd::detail
