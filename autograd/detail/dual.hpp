// Dual<N>: a number and its derivatives with respect to N inputs, carried forward. No graph, no
// memory. Where 0 meets an infinite slope this is NaN: then who asked begins again on Values, which
// know better.
#pragma once

#include <array>
#include <autograd/ops.hpp>
#include <compare>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace autograd {

// N derivatives, two to a vector of the processor.
template <std::size_t N> class Tangent {
 public:
  constexpr Tangent() : pairs_{} {}
  // 1 at i, else 0.
  static constexpr Tangent unit(std::size_t i) {
    return by_pairs([&](std::size_t k) {
      return Pair{i == 2 * k ? 1.0 : 0.0, i == 2 * k + 1 ? 1.0 : 0.0};
    });
  }

  double operator[](std::size_t i) const { return pairs_[i / 2][i % 2]; }
  bool are_finite() const {
    Pair zero = pairs_[0] - pairs_[0];  // or NaN
    for (std::size_t k = 1; k < kPairs; ++k) zero += pairs_[k] - pairs_[k];
    return zero[0] + zero[1] < 1;
  }

  friend Tangent operator*(double x, const Tangent& y) {
    return by_pairs([&](std::size_t k) { return x * y.pairs_[k]; });
  }
  friend Tangent operator+(const Tangent& x, const Tangent& y) {
    return by_pairs([&](std::size_t k) { return x.pairs_[k] + y.pairs_[k]; });
  }

 private:
  using Pair [[gnu::vector_size(16)]] = double;
  static constexpr std::size_t kPairs = (N + 1) / 2;

  // Without a loop, so that the compiler keeps them apart.
  template <class F> [[gnu::always_inline]] static constexpr Tangent by_pairs(const F& f) {
    Tangent result;
    [&]<std::size_t... k>(std::index_sequence<k...>) { ((result.pairs_[k] = f(k)), ...); }
    (std::make_index_sequence<kPairs>{});
    return result;
  }

  std::array<Pair, kPairs> pairs_;
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
