// Dual<N>: a number and its derivatives with respect to N inputs, carried forward. No graph, no
// memory. Where 0 meets an infinite slope this is NaN: then who asked begins again on Values, which
// know better.
#pragma once

#include <array>
#include <autograd/ops.hpp>
#include <compare>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#ifdef __AVX__
#include <immintrin.h>
#endif

namespace autograd {

// Two or four numbers, which the processor takes at once if it can.
template <std::size_t N> struct Lanes;
template <> struct Lanes<2> { using Type [[gnu::vector_size(16)]] = double; };
template <> struct Lanes<4> { using Type [[gnu::vector_size(32), gnu::aligned(16)]] = double; };

// N derivatives, at most 4.
template <std::size_t N> class Tangent {
 public:
  constexpr Tangent() : lanes_{} {}
  // 1 at i, else 0.
  static constexpr Tangent unit(std::size_t i) {
    Tangent result;
    result.lanes_[i] = 1;
    return result;
  }

  double operator[](std::size_t i) const { return lanes_[i]; }
  bool are_finite() const {
#ifdef __AVX__
    if constexpr (N > 2) {  // not |x| < infinity, for all at once
      const __m256d size = _mm256_andnot_pd(_mm256_set1_pd(-0.0), lanes_);
      const __m256d infinity = _mm256_set1_pd(std::numeric_limits<double>::infinity());
      return _mm256_movemask_pd(_mm256_cmp_pd(size, infinity, _CMP_NLT_UQ)) == 0;
    }
#endif
    double sum = 0;  // or NaN
    for (std::size_t i = 0; i < N; ++i) sum += lanes_[i] - lanes_[i];
    return sum == 0;
  }

  friend Tangent operator*(double x, const Tangent& y) { return Tangent(x * y.lanes_); }
  friend Tangent operator+(const Tangent& x, const Tangent& y) {
    return Tangent(x.lanes_ + y.lanes_);
  }

 private:
  using Numbers = typename Lanes<(N <= 2) ? 2 : 4>::Type;

  explicit Tangent(const Numbers& lanes) : lanes_(lanes) {}

  Numbers lanes_;
};

template <std::size_t N> class Dual {
 public:
  using IsRecorded = void;

  Dual(double x = 0) : data_(x) {}
  Dual(double x, const Tangent<N>& slopes) : data_(x), slopes_(slopes) {}

  double data() const { return data_; }
  const Tangent<N>& slopes() const { return slopes_; }

  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x) {
    const double r = Op::value(x.data_);
    return {r, Op::dx(x.data_, r) * x.slopes_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, double y) {
    const double r = Op::value(x.data_, y);
    return {r, Op::dx(x.data_, y, r) * x.slopes_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(double x, const Dual& y) {
    const double r = Op::value(x, y.data_);
    return {r, Op::dy(x, y.data_, r) * y.slopes_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, const Dual& y) {
    const double r = Op::value(x.data_, y.data_);
    return {r, Op::dx(x.data_, y.data_, r) * x.slopes_ + Op::dy(x.data_, y.data_, r) * y.slopes_};
  }
  // Op is Select.
  template <class Op> static Dual record(const Dual& condition, const Dual& x, const Dual& y) {
    return condition.data_ != 0 ? x : y;
  }
  template <class Op> static Dual record_range(std::span<const Dual> x, std::size_t k) {
    std::vector<double> in(x.size()), partials(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data_;
    Dual result = Op::value(std::span<const double>(in), k);
    Op::partials(std::span<const double>(in), k, result.data_, std::span(partials));
    for (std::size_t i = 0; i < x.size(); ++i) {
      result.slopes_ = result.slopes_ + partials[i] * x[i].slopes_;
    }
    return result;
  }

  [[gnu::always_inline]] Dual& operator+=(const auto& x) { return *this = *this + x; }
  [[gnu::always_inline]] Dual& operator-=(const auto& x) { return *this = *this - x; }
  [[gnu::always_inline]] Dual& operator*=(const auto& x) { return *this = *this * x; }
  [[gnu::always_inline]] Dual& operator/=(const auto& x) { return *this = *this / x; }

  friend bool operator==(const Dual& x, const Dual& y) { return x.data_ == y.data_; }
  friend auto operator<=>(const Dual& x, const Dual& y) { return x.data_ <=> y.data_; }
  friend bool operator==(const Dual& x, double y) { return x.data_ == y; }
  friend auto operator<=>(const Dual& x, double y) { return x.data_ <=> y; }

 private:
  double data_;
  Tangent<N> slopes_;
};

}  // namespace autograd
