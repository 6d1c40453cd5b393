// Simd: N numbers that go through a rule of ops.hpp together.
//
// A function of <cmath> that has no line here and in vector_math.hpp is
// computed lane by lane: see OperationKernels.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <autograd/kernels/vector_math.hpp>
#include <autograd/ops.hpp>
#include <autograd/system/simd_vector.hpp>

namespace autograd::detail {

// Every function in vector_math.hpp is an operation, by the same name.
static_assert([] {
  const auto is_operation = [](std::string_view name) {
    for (const ops::Info& info : ops::All::infos)
      if (info.name == name) return true;
    return false;
  };
  for (const Elementary& each : kElementary)
    if (!is_operation(each.name)) return false;
  for (const ElementaryOfTwo& each : kElementaryOfTwo)
    if (!is_operation(each.name)) return false;
  return true;
}());

template <std::size_t N> class Simd {
 public:
  using Vector = typename SimdVector<N>::Type;
  using Bits = typename SimdVector<N>::Bits;
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

  Simd() = default;
  // As a difference, which is x: written lane by lane, g++ 12 makes a trip to memory of it.
  Simd(double x) : lanes_(x - Vector{}) {}
  Simd(Vector lanes) : lanes_(lanes) {}
  static Simd load(const double* from) {
    Simd result;
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

  friend Simd operator+(Simd x, Simd y) { return x.lanes_ + y.lanes_; }
  friend Simd operator-(Simd x, Simd y) { return x.lanes_ - y.lanes_; }
  friend Simd operator*(Simd x, Simd y) { return x.lanes_ * y.lanes_; }
  friend Simd operator/(Simd x, Simd y) { return x.lanes_ / y.lanes_; }
  friend Simd operator-(Simd x) { return -x.lanes_; }
  Simd& operator+=(Simd x) { return *this = *this + x; }

  friend Mask gt(Simd x, Simd y) { return {x.lanes_ > y.lanes_}; }
  friend Mask lt(Simd x, Simd y) { return {x.lanes_ < y.lanes_}; }
  friend Mask le(Simd x, Simd y) { return {x.lanes_ <= y.lanes_}; }
  friend Mask eq(Simd x, Simd y) { return {x.lanes_ == y.lanes_}; }
  friend Mask ne(Simd x, Simd y) { return {x.lanes_ != y.lanes_}; }
  friend Simd select(Mask condition, Simd yes, Simd no) {
    return condition.bits ? yes.lanes_ : no.lanes_;
  }

  friend Simd abs(Simd x) {
    Bits bits;
    std::memcpy(&bits, &x.lanes_, sizeof bits);
    bits &= 0x7fff'ffff'ffff'ffffLL;
    std::memcpy(&x.lanes_, &bits, sizeof bits);
    return x;
  }
  friend Simd sqrt(Simd x) {
    return lane_by_lane(x, [](double each) { return __builtin_sqrt(each); });
  }
  friend Simd floor(Simd x) {
    return lane_by_lane(x, [](double each) { return __builtin_floor(each); });
  }
  friend Simd ceil(Simd x) {
    return lane_by_lane(x, [](double each) { return __builtin_ceil(each); });
  }
  friend Simd round(Simd x) {
    return lane_by_lane(x, [](double each) { return __builtin_round(each); });
  }
  friend Simd trunc(Simd x) {
    return lane_by_lane(x, [](double each) { return __builtin_trunc(each); });
  }
  friend Simd rint(Simd x) {
    return lane_by_lane(x, [](double each) { return __builtin_rint(each); });
  }
  friend Simd lgamma(Simd x) {
    return lane_by_lane(x, [](double each) { return ops::lgamma(each); });
  }
  friend Simd tgamma(Simd x) {
    return lane_by_lane(x, [](double each) { return ops::tgamma(each); });
  }

  friend Simd exp(Simd x) { return of_one<index("exp")>(x); }
  friend Simd exp2(Simd x) { return of_one<index("exp2")>(x); }
  friend Simd expm1(Simd x) { return of_one<index("expm1")>(x); }
  friend Simd log(Simd x) { return of_one<index("log")>(x); }
  friend Simd log2(Simd x) { return of_one<index("log2")>(x); }
  friend Simd log10(Simd x) { return of_one<index("log10")>(x); }
  friend Simd log1p(Simd x) { return of_one<index("log1p")>(x); }
  friend Simd cbrt(Simd x) { return of_one<index("cbrt")>(x); }
  friend Simd sin(Simd x) { return of_one<index("sin")>(x); }
  friend Simd cos(Simd x) { return of_one<index("cos")>(x); }
  friend Simd tan(Simd x) { return of_one<index("tan")>(x); }
  friend Simd asin(Simd x) { return of_one<index("asin")>(x); }
  friend Simd acos(Simd x) { return of_one<index("acos")>(x); }
  friend Simd atan(Simd x) { return of_one<index("atan")>(x); }
  friend Simd sinh(Simd x) { return of_one<index("sinh")>(x); }
  friend Simd cosh(Simd x) { return of_one<index("cosh")>(x); }
  friend Simd tanh(Simd x) { return of_one<index("tanh")>(x); }
  friend Simd asinh(Simd x) { return of_one<index("asinh")>(x); }
  friend Simd acosh(Simd x) { return of_one<index("acosh")>(x); }
  friend Simd atanh(Simd x) { return of_one<index("atanh")>(x); }
  friend Simd erf(Simd x) { return of_one<index("erf")>(x); }
  friend Simd erfc(Simd x) { return of_one<index("erfc")>(x); }
  friend Simd pow(Simd x, Simd y) { return of_two<0>(x, y); }
  friend Simd atan2(Simd x, Simd y) { return of_two<1>(x, y); }
  friend Simd hypot(Simd x, Simd y) { return of_two<2>(x, y); }

 private:
  static constexpr std::size_t index(std::string_view name) {
    std::size_t i = 0;
    while (kElementary[i].name != name) ++i;
    return i;
  }

  template <class F> static Simd lane_by_lane(Simd x, F f) {
    for (std::size_t i = 0; i < N; ++i) x.lanes_[i] = f(x.lanes_[i]);
    return x;
  }

  template <std::size_t kFunction> static Simd of_one(Simd x) {
    if (void* const function = vector_math<N>().of_one[kFunction])
      return reinterpret_cast<Vector (*)(Vector)>(function)(x.lanes_);
    return lane_by_lane(x, kElementary[kFunction].one);
  }

  template <std::size_t kFunction> static Simd of_two(Simd x, Simd y) {
    if (void* const function = vector_math<N>().of_two[kFunction])
      return reinterpret_cast<Vector (*)(Vector, Vector)>(function)(x.lanes_, y.lanes_);
    for (std::size_t i = 0; i < N; ++i)
      x.lanes_[i] = kElementaryOfTwo[kFunction].one(x.lanes_[i], y.lanes_[i]);
    return x;
  }

  Vector lanes_;
};

}  // namespace autograd::detail
