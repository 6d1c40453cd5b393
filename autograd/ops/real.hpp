// The numbers in which derivatives of every order and the gamma functions are computed: with the
// digits of long double.
#pragma once

#include <numbers>

#include <autograd/ops/info.hpp>

namespace autograd::ops {

using Real = long double;
inline constexpr Real kPi = std::numbers::pi_v<Real>;

}  // namespace autograd::ops
