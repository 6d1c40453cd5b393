// Givens' and Jacobi's rotations. Eigen's own are constants where an entry is exactly 0: rotations by
// no angle, or by a right angle.
#pragma once

#include <limits>

#include <Eigen/Core>

#include <autograd/eigen/numbers.hpp>

namespace autograd::detail {

// The sine of a rotation. Eigen leaves a rotation out whose sine is exactly 0, and with it the
// derivatives of the sine; the smallest number of all changes no result.
template <class T> T sine(const T& s) {
  return s == 0.0 ? s + std::numeric_limits<double>::denorm_min() : s;
}

}  // namespace autograd::detail

template <autograd::Differentiable T> class Eigen::JacobiRotation<T> {
 public:
  using RealScalar = T;

  JacobiRotation() = default;
  JacobiRotation(const T& c, const T& s) : c_(c), s_(s) {}

  T& c() { return c_; }
  T c() const { return c_; }
  T& s() { return s_; }
  T s() const { return s_; }

  JacobiRotation operator*(const JacobiRotation& other) const {
    return {c_ * other.c_ - s_ * other.s_, c_ * other.s_ + s_ * other.c_};
  }
  JacobiRotation transpose() const { return {c_, -s_}; }
  JacobiRotation adjoint() const { return transpose(); }

  // c = p / r, s = -q / r, r = sqrt(p^2 + q^2). Of p = q = 0: no rotation.
  // NOLINTNEXTLINE(readability-identifier-naming)
  void makeGivens(const T& p, const T& q, T* r = nullptr) {
    const T length = hypot(p, q);
    const bool is_none = length == 0.0;
    c_ = is_none ? T(1.0) : T(p / length);
    s_ = is_none ? T(0.0) : autograd::detail::sine(T(-q / length));
    if (r != nullptr) *r = length;
  }

  // The rotation J that makes J^T [x y; y z] J diagonal: t = tan of the angle is the smaller root of
  // t^2 y + t (x - z) - y = 0. Returns false where every angle does, y = 0 and x = z: then it is 0.
  // NOLINTNEXTLINE(readability-identifier-naming)
  bool makeJacobi(const T& x, const T& y, const T& z) {
    const T d = x - z, length = hypot(d, T(2.0 * y));
    if (length == 0.0) {
      c_ = 1.0;
      s_ = 0.0;
      return false;
    }
    const T t = 2.0 * y / (d > 0.0 ? T(d + length) : T(d - length));
    c_ = 1.0 / sqrt(t * t + 1.0);
    s_ = autograd::detail::sine(T(-t * c_));
    return true;
  }
  template <class Derived>  // NOLINTNEXTLINE(readability-identifier-naming)
  bool makeJacobi(const MatrixBase<Derived>& m, Index p, Index q) {
    return makeJacobi(m.coeff(p, p), m.coeff(p, q), m.coeff(q, q));
  }

 private:
  T c_, s_;
};
