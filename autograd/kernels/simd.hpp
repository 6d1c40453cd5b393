// Pack: N numbers that go through a rule of ops.hpp together.
//
// Made of the vectors of GCC and Clang, which become AVX-512, AVX, SSE2 or NEON by the flags of the
// file that includes this. A new elementary function needs one line here, beside its entry in
// vector_math.hpp.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <autograd/kernels/vector_math.hpp>
#include <autograd/ops.hpp>

namespace autograd::detail {

template <std::size_t N> struct Lanes;
template <> struct Lanes<2> {
  using Vector [[gnu::vector_size(16)]] = double;
  using Bits [[gnu::vector_size(16)]] = long long;
};
template <> struct Lanes<4> {
  using Vector [[gnu::vector_size(32)]] = double;
  using Bits [[gnu::vector_size(32)]] = long long;
};
template <> struct Lanes<8> {
  using Vector [[gnu::vector_size(64)]] = double;
  using Bits [[gnu::vector_size(64)]] = long long;
};

template <std::size_t N> class Pack {
 public:
  using Vector = typename Lanes<N>::Vector;
  using Bits = typename Lanes<N>::Bits;
  // Of every lane all bits or none, as comparisons give it.
  struct Mask {
    Bits bits;
    friend Mask operator&(Mask x, Mask y) { return {x.bits & y.bits}; }
    friend Mask operator|(Mask x, Mask y) { return {x.bits | y.bits}; }
    bool any() const {
      long long all = 0;
      for (std::size_t i = 0; i < N; ++i) all |= bits[i];
      return all != 0;
    }
  };

  Pack() = default;
  Pack(double x) {
    for (std::size_t i = 0; i < N; ++i) lanes_[i] = x;
  }
  Pack(Vector lanes) : lanes_(lanes) {}
  static Pack load(const double* from) {
    Pack result;
    std::memcpy(&result.lanes_, from, sizeof result.lanes_);
    return result;
  }
  void store(double* to) const { std::memcpy(to, &lanes_, sizeof lanes_); }
  // The first n lanes.
  static Mask first(std::size_t n) {
    Mask result;
    for (std::size_t i = 0; i < N; ++i) result.bits[i] = i < n ? -1 : 0;
    return result;
  }
  Vector lanes() const { return lanes_; }

  friend Pack operator+(Pack x, Pack y) { return x.lanes_ + y.lanes_; }
  friend Pack operator-(Pack x, Pack y) { return x.lanes_ - y.lanes_; }
  friend Pack operator*(Pack x, Pack y) { return x.lanes_ * y.lanes_; }
  friend Pack operator/(Pack x, Pack y) { return x.lanes_ / y.lanes_; }
  friend Pack operator-(Pack x) { return -x.lanes_; }
  Pack& operator+=(Pack x) { return *this = *this + x; }

  friend Mask greater(Pack x, Pack y) { return {x.lanes_ > y.lanes_}; }
  friend Mask less(Pack x, Pack y) { return {x.lanes_ < y.lanes_}; }
  friend Mask less_equal(Pack x, Pack y) { return {x.lanes_ <= y.lanes_}; }
  friend Mask equal(Pack x, Pack y) { return {x.lanes_ == y.lanes_}; }
  friend Mask not_equal(Pack x, Pack y) { return {x.lanes_ != y.lanes_}; }
  friend Pack select(Mask condition, Pack yes, Pack no) {
    return condition.bits ? yes.lanes_ : no.lanes_;
  }

  friend Pack abs(Pack x) {
    Bits bits;
    std::memcpy(&bits, &x.lanes_, sizeof bits);
    bits &= 0x7fff'ffff'ffff'ffffLL;
    std::memcpy(&x.lanes_, &bits, sizeof bits);
    return x;
  }
  friend Pack sqrt(Pack x) {
    return lane_by_lane(x, [](double each) { return __builtin_sqrt(each); });
  }
  friend Pack floor(Pack x) {
    return lane_by_lane(x, [](double each) { return __builtin_floor(each); });
  }
  friend Pack ceil(Pack x) {
    return lane_by_lane(x, [](double each) { return __builtin_ceil(each); });
  }
  friend Pack round(Pack x) {
    return lane_by_lane(x, [](double each) { return __builtin_round(each); });
  }

  friend Pack exp(Pack x) { return of_one<index("exp")>(x); }
  friend Pack exp2(Pack x) { return of_one<index("exp2")>(x); }
  friend Pack expm1(Pack x) { return of_one<index("expm1")>(x); }
  friend Pack log(Pack x) { return of_one<index("log")>(x); }
  friend Pack log2(Pack x) { return of_one<index("log2")>(x); }
  friend Pack log10(Pack x) { return of_one<index("log10")>(x); }
  friend Pack log1p(Pack x) { return of_one<index("log1p")>(x); }
  friend Pack cbrt(Pack x) { return of_one<index("cbrt")>(x); }
  friend Pack sin(Pack x) { return of_one<index("sin")>(x); }
  friend Pack cos(Pack x) { return of_one<index("cos")>(x); }
  friend Pack tan(Pack x) { return of_one<index("tan")>(x); }
  friend Pack asin(Pack x) { return of_one<index("asin")>(x); }
  friend Pack acos(Pack x) { return of_one<index("acos")>(x); }
  friend Pack atan(Pack x) { return of_one<index("atan")>(x); }
  friend Pack sinh(Pack x) { return of_one<index("sinh")>(x); }
  friend Pack cosh(Pack x) { return of_one<index("cosh")>(x); }
  friend Pack tanh(Pack x) { return of_one<index("tanh")>(x); }
  friend Pack asinh(Pack x) { return of_one<index("asinh")>(x); }
  friend Pack acosh(Pack x) { return of_one<index("acosh")>(x); }
  friend Pack atanh(Pack x) { return of_one<index("atanh")>(x); }
  friend Pack erf(Pack x) { return of_one<index("erf")>(x); }
  friend Pack erfc(Pack x) { return of_one<index("erfc")>(x); }
  friend Pack pow(Pack x, Pack y) { return of_two<0>(x, y); }
  friend Pack atan2(Pack x, Pack y) { return of_two<1>(x, y); }
  friend Pack hypot(Pack x, Pack y) { return of_two<2>(x, y); }

 private:
  static constexpr std::size_t index(std::string_view name) {
    std::size_t i = 0;
    while (kElementary[i].name != name) ++i;
    return i;
  }

  template <class F> static Pack lane_by_lane(Pack x, F f) {
    for (std::size_t i = 0; i < N; ++i) x.lanes_[i] = f(x.lanes_[i]);
    return x;
  }

  template <std::size_t kFunction> static Pack of_one(Pack x) {
    if (void* const function = vector_math<N>().of_one[kFunction])
      return reinterpret_cast<Vector (*)(Vector)>(function)(x.lanes_);
    return lane_by_lane(x, kElementary[kFunction].one);
  }

  template <std::size_t kFunction> static Pack of_two(Pack x, Pack y) {
    if (void* const function = vector_math<N>().of_two[kFunction])
      return reinterpret_cast<Vector (*)(Vector, Vector)>(function)(x.lanes_, y.lanes_);
    for (std::size_t i = 0; i < N; ++i)
      x.lanes_[i] = kElementaryOfTwo[kFunction].one(x.lanes_[i], y.lanes_[i]);
    return x;
  }

  Vector lanes_;
};

}  // namespace autograd::detail
