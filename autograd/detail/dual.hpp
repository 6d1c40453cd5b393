// Dual<N>: a number and its derivatives with respect to N inputs, carried forward. No graph, no
// memory.
#pragma once

#include <array>
#include <autograd/ops.hpp>
#include <compare>
#include <cstddef>
#include <span>
#include <vector>

namespace autograd {

template <std::size_t N> class Dual {
 public:
  using IsRecorded = void;
  using Slopes = std::array<double, N>;

  Dual(double x = 0) : data_(x), slopes_{} {}
  Dual(double x, const Slopes& slopes) : data_(x), slopes_(slopes) {}

  double data() const { return data_; }
  const Slopes& slopes() const { return slopes_; }

  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x) {
    const double r = Op::value(x.data_);
    return {r, scaled(Op::dx(x.data_, r), x.slopes_)};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, double y) {
    const double r = Op::value(x.data_, y);
    return {r, scaled(Op::dx(x.data_, y, r), x.slopes_)};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(double x, const Dual& y) {
    const double r = Op::value(x, y.data_);
    return {r, scaled(Op::dy(x, y.data_, r), y.slopes_)};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, const Dual& y) {
    const double r = Op::value(x.data_, y.data_);
    return {r, sum(scaled(Op::dx(x.data_, y.data_, r), x.slopes_),
                   scaled(Op::dy(x.data_, y.data_, r), y.slopes_))};
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
      result.slopes_ = sum(result.slopes_, scaled(partials[i], x[i].slopes_));
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
  // Where 0 meets an infinite slope this is NaN: then who asked begins again on Values, which know
  // better.
  [[gnu::always_inline]] static Slopes scaled(double outer, const Slopes& inner) {
    Slopes result;
    for (std::size_t i = 0; i < N; ++i) result[i] = outer * inner[i];
    return result;
  }
  [[gnu::always_inline]] static Slopes sum(const Slopes& x, const Slopes& y) {
    Slopes result;
    for (std::size_t i = 0; i < N; ++i) result[i] = x[i] + y[i];
    return result;
  }

  double data_;
  Slopes slopes_;
};

}  // namespace autograd
