// Dual<N>: a number and its derivatives with respect to N inputs, carried forward. No graph, no
// memory. Where 0 meets an infinite slope this is NaN: then who asked begins again on Values, which
// know better.
//
// S is the type of these numbers: double, or Dual again for second derivatives.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <autograd/ops.hpp>

namespace autograd {

// Doubles in one vector.
template <std::size_t N> struct Lanes;
template <> struct Lanes<1> {
  using Type [[gnu::vector_size(8)]] = double;
};
template <> struct Lanes<2> {
  using Type [[gnu::vector_size(16)]] = double;
};
template <> struct Lanes<4> {
  using Type [[gnu::vector_size(32), gnu::aligned(16)]] = double;
};

// x, which the compiler does not join with other numbers in a vector.
[[gnu::always_inline]] inline double apart(double x) {
#ifdef __x86_64__
  asm("" : "+x"(x));
#endif
  return x;
}

// N derivatives.
template <std::size_t N, class S = double> class Tangent {
 public:
  // 1 at i, else 0.
  static Tangent unit(std::size_t i) {
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

// At most 4 of doubles, which the processor takes at once if it can.
//
// Those of an input are 1 and 0. As long as the compiler knows one of them, each is computed alone:
// most fall away, and what is left is what one would write by hand.
template <std::size_t N> class Tangent<N, double> {
 public:
  constexpr Tangent() : lanes_{} {}
  // 1 at i, else 0.
  static constexpr Tangent unit(std::size_t i) {
    Tangent result;
    result.lanes_[i] = 1;
    return result;
  }

  [[gnu::always_inline]] double operator[](std::size_t i) const {
    const Numbers x = lanes_;  // whole: else it would lie in memory
    return x[i];
  }
  [[gnu::always_inline]] friend Tangent operator*(double x, const Tangent& y) {
    const Numbers b = y.lanes_;
    if (!is_known(b)) return Tangent(x * b);
    return each_alone([x, b](std::size_t i) { return is_zero(b[i]) ? 0.0 : x * b[i]; });
  }
  [[gnu::always_inline]] friend Tangent operator+(const Tangent& x, const Tangent& y) {
    const Numbers a = x.lanes_, b = y.lanes_;
    if (!is_known(a) || !is_known(b)) return Tangent(a + b);
    return each_alone([a, b](std::size_t i) {
      return is_zero(a[i]) ? b[i] : is_zero(b[i]) ? a[i] : a[i] + b[i];
    });
  }

 private:
  using Numbers = typename Lanes<N == 3 ? 4 : N>::Type;

  [[gnu::always_inline]] explicit Tangent(const Numbers& lanes) : lanes_(lanes) {}

  [[gnu::always_inline]] static bool is_zero(double x) { return __builtin_constant_p(x) && x == 0; }
  [[gnu::always_inline]] static bool is_known(const Numbers& x) {
    bool known = __builtin_constant_p(x[0]);
    if constexpr (N > 1) known = known || __builtin_constant_p(x[1]);
    if constexpr (N > 2) known = known || __builtin_constant_p(x[2]);
    if constexpr (N > 3) known = known || __builtin_constant_p(x[3]);
    return known;
  }
  [[gnu::always_inline]] static Tangent each_alone(const auto& lane) {
    if constexpr (N == 1) return Tangent(Numbers{lane(0)});
    if constexpr (N == 2) return Tangent(Numbers{lane(0), lane(1)});
    if constexpr (N == 3) return Tangent(Numbers{lane(0), lane(1), lane(2), 0});
    if constexpr (N == 4) return Tangent(Numbers{lane(0), lane(1), lane(2), lane(3)});
  }

  Numbers lanes_;
};

template <std::size_t N, class S = double> class Dual : public NumberBase<Dual<N, S>> {
 public:
  using Data = S;

  Dual(double x = 0) : data_(x) {}
  Dual(const S& x, const Tangent<N, S>& slopes) : data_(x), slopes_(slopes) {}

  const S& data() const { return data_; }
  const Tangent<N, S>& slopes() const { return slopes_; }

  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x) {
    const S r = detail::apply<Op>(x.data_);
    return {r, Op::dx(x.data_, r) * x.slopes_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, double y) {
    const S r = detail::apply<Op>(x.data_, y);
    return {r, Op::dx(x.data_, y, r) * x.slopes_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(double x, const Dual& y) {
    const S r = detail::apply<Op>(x, y.data_);
    return {r, Op::dy(x, y.data_, r) * y.slopes_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, const Dual& y) {
    const S r = detail::apply<Op>(x.data_, y.data_);
    return {r, Op::dx(x.data_, y.data_, r) * x.slopes_ + Op::dy(x.data_, y.data_, r) * y.slopes_};
  }
  // Op is Select.
  template <class Op> static Dual record(const Dual& condition, const Dual& x, const Dual& y) {
    return condition.data_ != 0.0 ? x : y;
  }
  template <class Op> static Dual record_range(std::span<const Dual> x, std::size_t k) {
    std::vector<S> in(x.size()), partials(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data_;
    const S r = detail::apply_range<Op>(std::span<const S>(in), k);
    Op::partials(std::span<const S>(in), k, r, std::span(partials));
    return function(x, r, partials);
  }
  // r as a function of x with these derivatives.
  static Dual function(std::span<const Dual> x, const S& r, std::span<const S> partials) {
    Dual result(r, {});
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
  S data_;
  Tangent<N, S> slopes_;
};

}  // namespace autograd
