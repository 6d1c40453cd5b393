#include "tests/support/special_values.hpp"

#include <numbers>

#include <tests/support/floating_point_values.hpp>
#include <tests/support/special_function_values.hpp>

namespace autograd::special_values {

namespace {

std::vector<Case> powers() {
  const auto zeroth = [](auto x) { return pow(x[0], 0.0); };
  const auto power = [](auto x) { return pow(x[0], x[1]); };
  const auto root = [](auto x) { return sqrt(x[0]); };
  const auto cube_root = [](auto x) { return cbrt(x[0]); };
  const auto inverse = [](auto x) { return reciprocal(x[0]); };
  const auto ratio = [](auto x) { return x[0] / x[1]; };
  return {
      {"pow(x, 0)", zeroth, {0}, 1, {0}, {0}},
      {"pow(x, 0)", zeroth, {-2}, 1, {0}, {0}},
      {"pow(x, 0)", zeroth, {3}, 1, {0}, {0}},
      {"pow(x, 0)", zeroth, {1e-310}, 1, {0}, {0}},
      {"pow(x, 0)", zeroth, {kInf}, 1, {0}},
      {"pow(x, 0)", zeroth, {-kInf}, 1, {0}},
      {"pow(x, 1)", [](auto x) { return pow(x[0], 1.0); }, {0}, 0, {1}, {0}},
      {"pow(x, 1)", [](auto x) { return pow(x[0], 1.0); }, {-3}, -3, {1}, {0}},
      {"pow(x, 2)", [](auto x) { return pow(x[0], 2.0); }, {0}, 0, {0}, {2}},
      {"x * x", [](auto x) { return x[0] * x[0]; }, {0}, 0, {0}, {2}},
      {"square(x)", [](auto x) { return square(x[0]); }, {0}, 0, {0}, {2}},
      {"pow(x, 3)", [](auto x) { return pow(x[0], 3.0); }, {0}, 0, {0}, {0}},
      {"pow(x, 3)", [](auto x) { return pow(x[0], 3.0); }, {-2}, -8, {12}, {-12}},
      {"pow(x, 0.5)", [](auto x) { return pow(x[0], 0.5); }, {0}, 0, {kInf}, {-kInf}},
      {"pow(x, 0.5)", [](auto x) { return pow(x[0], 0.5); }, {-2}, kNaN, {kNaN}, {kNaN}},
      {"pow(x, -1)", [](auto x) { return pow(x[0], -1.0); }, {0}, kInf, {-kInf}, {kInf}},
      {"pow(2, x)", [](auto x) { return pow(2.0, x[0]); }, {0}, 1, {kLog2}, {kLog2 * kLog2}},
      {"pow(0, x)", [](auto x) { return pow(0.0, x[0]); }, {2}, 0, {0}, {0}},
      {"pow(0, x)", [](auto x) { return pow(0.0, x[0]); }, {0}, 1, {0}},
      {"pow(x, y)", power, {0, 0}, 1, {0, 0}},
      {"pow(x, y)", power, {2, 0}, 1, {0, kLog2}, {0, 0.5, 0.5, kLog2 * kLog2}},
      {"pow(x, y)", power, {0, 1}, 0, {1, 0}},
      {"pow(x, y)", power, {0, 2}, 0, {0, 0}},
      {"pow(x, y)", power, {0, 0.5}, 0, {kInf, 0}},
      {"pow(x, y)", power, {0, -1}, kInf, {-kInf, -kInf}},
      {"pow(x, y)", power, {-2, 3}, -8, {12, kNaN}},
      {"pow(x, y)", power, {-2, 0.5}, kNaN, {kNaN, kNaN}},
      {"pow(x, y)", power, {kNaN, 0}, kNaN, {0, kNaN}},
      {"pow(x, y)", power, {1, kNaN}, kNaN, {kNaN, kNaN}},
      {"pow(x, y)", power, {kInf, 2}, kInf, {kInf, kInf}},
      {"pow(x, y)", power, {0.5, kInf}, 0, {kNaN, 0}},
      {"pow(x, y)", power, {kInf, -1}, 0, {-0.0, kNaN}},
      {"sqrt(x)", root, {0}, 0, {kInf}, {-kInf}},
      {"sqrt(x)", root, {-0.0}, -0.0, {kInf}},
      {"sqrt(x)", root, {-1}, kNaN, {kNaN}, {kNaN}},
      {"sqrt(x)", root, {kInf}, kInf, {0}},
      {"cbrt(x)", cube_root, {0}, 0, {kInf}},
      {"cbrt(x)", cube_root, {-8}, -2, {1.0 / 12}, {1.0 / 144}},
      {"cbrt(x)", cube_root, {-kInf}, -kInf, {0}},
      {"reciprocal(x)", inverse, {0}, kInf, {-kInf}, {kInf}},
      {"reciprocal(x)", inverse, {-0.0}, -kInf, {-kInf}, {-kInf}},
      {"reciprocal(x)", inverse, {-kInf}, -0.0, {-0.0}},
      {"1 / x", [](auto x) { return 1.0 / x[0]; }, {0}, kInf, {-kInf}, {kInf}},
      {"1 / x", [](auto x) { return 1.0 / x[0]; }, {-0.0}, -kInf, {-kInf}, {-kInf}},
      {"x / y", ratio, {0, 0}, kNaN, {kNaN, kNaN}},
      {"x / y", ratio, {1, 0}, kInf, {kInf, -kInf}},
      {"x / y", ratio, {-1, 0}, -kInf, {kInf, kInf}},
      {"x / y", ratio, {3, kInf}, 0, {0, -0.0}},
      {"x / y", ratio, {0, 1e-310}, 0, {kInf, kNaN}},
      {"x / y", ratio, {kInf, 2}, kInf, {0.5, -kInf}},
      {"x * y", [](auto x) { return x[0] * x[1]; }, {0, kInf}, kNaN, {kInf, 0}},
  };
}

std::vector<Case> exponentials_and_logarithms() {
  const auto e = [](auto x) { return exp(x[0]); };
  const auto e2 = [](auto x) { return exp2(x[0]); };
  const auto em1 = [](auto x) { return expm1(x[0]); };
  const auto ln = [](auto x) { return log(x[0]); };
  const auto ln2 = [](auto x) { return log2(x[0]); };
  const auto ln10 = [](auto x) { return log10(x[0]); };
  const auto ln1p = [](auto x) { return log1p(x[0]); };
  return {
      {"exp(x)", e, {710}, kInf, {kInf}, {kInf}},
      {"exp(x)", e, {kInf}, kInf, {kInf}, {kInf}},
      {"exp(x)", e, {-kInf}, 0, {0}, {0}},
      {"exp2(x)", e2, {1024}, kInf, {kInf}, {kInf}},
      {"exp2(x)", e2, {-kInf}, 0, {0}, {0}},
      {"expm1(x)", em1, {1e-300}, 1e-300, {1}, {1}},
      {"expm1(x)", em1, {-kInf}, -1, {0}, {0}},
      {"expm1(x)", em1, {kInf}, kInf, {kInf}, {kInf}},
      {"log(x)", ln, {0}, -kInf, {kInf}, {-kInf}},
      {"log(x)", ln, {-0.0}, -kInf, {kInf}, {-kInf}},
      {"log(x)", ln, {-1}, kNaN, {kNaN}, {kNaN}},
      {"log(x)", ln, {-kInf}, kNaN, {kNaN}},
      {"log(x)", ln, {kInf}, kInf, {0}},
      {"log2(x)", ln2, {0}, -kInf, {kInf}, {-kInf}},
      {"log2(x)", ln2, {-1}, kNaN, {kNaN}, {kNaN}},
      {"log2(x)", ln2, {kInf}, kInf, {0}},
      {"log10(x)", ln10, {0}, -kInf, {kInf}, {-kInf}},
      {"log10(x)", ln10, {-1}, kNaN, {kNaN}, {kNaN}},
      {"log10(x)", ln10, {kInf}, kInf, {0}},
      {"log1p(x)", ln1p, {1e-300}, 1e-300, {1}, {-1}},
      {"log1p(x)", ln1p, {-1}, -kInf, {kInf}, {-kInf}},
      {"log1p(x)", ln1p, {-2}, kNaN, {kNaN}, {kNaN}},
      {"log1p(x)", ln1p, {kInf}, kInf, {0}},
      // Binary cross-entropy of a probability, and of a logit.
      {"-log(x)", [](auto x) { return -log(x[0]); }, {0}, kInf, {-kInf}, {kInf}},
      {"-log(x)", [](auto x) { return -log(x[0]); }, {1}, 0, {-1}, {1}},
      {"-log(1 - x)", [](auto x) { return -log(1.0 - x[0]); }, {1}, kInf, {kInf}, {kInf}},
      {"-log(1 - x)", [](auto x) { return -log(1.0 - x[0]); }, {0}, 0, {1}, {1}},
      {"softplus(x) - x", [](auto x) { return softplus(x[0]) - x[0]; }, {1000}, 0, {0}, {0}},
      {"softplus(x) - x", [](auto x) { return softplus(x[0]) - x[0]; }, {-1000}, 1000, {-1}, {0}},
  };
}

std::vector<Case> angles() {
  const auto arc_sine = [](auto x) { return asin(x[0]); };
  const auto arc_cosine = [](auto x) { return acos(x[0]); };
  const auto arc_tangent = [](auto x) { return atan(x[0]); };
  const auto angle = [](auto x) { return atan2(x[0], x[1]); };
  const auto area_cosine = [](auto x) { return acosh(x[0]); };
  const auto area_tangent = [](auto x) { return atanh(x[0]); };
  const auto length = [](auto x) { return hypot(x[0], x[1]); };
  return {
      {"sin(x)", [](auto x) { return sin(x[0]); }, {kInf}, kNaN, {kNaN}},
      {"cos(x)", [](auto x) { return cos(x[0]); }, {-kInf}, kNaN, {kNaN}},
      {"tan(x)", [](auto x) { return tan(x[0]); }, {kInf}, kNaN, {kNaN}},
      {"asin(x)", arc_sine, {1}, kPi / 2, {kInf}},
      {"asin(x)", arc_sine, {-1}, -kPi / 2, {kInf}},
      {"asin(x)", arc_sine, {2}, kNaN, {kNaN}, {kNaN}},
      {"acos(x)", arc_cosine, {1}, 0, {-kInf}},
      {"acos(x)", arc_cosine, {-1}, kPi, {-kInf}},
      {"acos(x)", arc_cosine, {-2}, kNaN, {kNaN}, {kNaN}},
      {"atan(x)", arc_tangent, {kInf}, kPi / 2, {0}},
      {"atan(x)", arc_tangent, {-kInf}, -kPi / 2, {0}},
      {"atan2(x, y)", angle, {0, 0}, 0, {kNaN, kNaN}},
      {"atan2(x, y)", angle, {0, -1}, kPi, {-1, -0.0}, {0, -1, -1, 0}},
      {"atan2(x, y)", angle, {-0.0, -1}, -kPi, {-1, 0}, {0, -1, -1, 0}},
      {"atan2(x, y)", angle, {0, 1}, 0, {1, -0.0}, {0, -1, -1, 0}},
      {"atan2(x, y)", angle, {1, 0}, kPi / 2, {0, -1}, {0, 1, 1, 0}},
      {"atan2(x, y)", angle, {kInf, 1}, kPi / 2, {0, kNaN}},
      {"sinh(x)", [](auto x) { return sinh(x[0]); }, {-kInf}, -kInf, {kInf}},
      {"cosh(x)", [](auto x) { return cosh(x[0]); }, {-kInf}, kInf, {-kInf}},
      {"asinh(x)", [](auto x) { return asinh(x[0]); }, {-kInf}, -kInf, {0}},
      {"acosh(x)", area_cosine, {1}, 0, {kInf}},
      {"acosh(x)", area_cosine, {0.5}, kNaN, {kNaN}, {kNaN}},
      {"acosh(x)", area_cosine, {kInf}, kInf, {0}},
      {"atanh(x)", area_tangent, {1}, kInf, {kInf}},
      {"atanh(x)", area_tangent, {-1}, -kInf, {kInf}},
      {"atanh(x)", area_tangent, {2}, kNaN, {kNaN}, {kNaN}},
      {"hypot(x, y)", length, {0, 0}, 0, {0, 0}},
      {"hypot(x, y)", length, {3, 4}, 5, {0.6, 0.8}, {0.128, -0.096, -0.096, 0.072}},
      {"hypot(x, y)", length, {1e200, 0}, 1e200, {1, 0}},
      {"hypot(x, y)", length, {kInf, 1}, kInf, {kNaN, 0}},
      {"hypot(x, y)", length, {kInf, kNaN}, kNaN, {kNaN, kNaN}},
  };
}

std::vector<Case> kinks_and_jumps() {
  const auto magnitude = [](auto x) { return abs(x[0]); };
  const auto rectified = [](auto x) { return relu(x[0]); };
  const auto leaky = [](auto x) { return leaky_relu(x[0], 0.1); };
  const auto unit = [](auto x) { return elu(x[0]); };
  const auto shallow = [](auto x) { return elu(x[0], 0.5); };
  const auto larger = [](auto x) { return max(x[0], x[1]); };
  const auto smaller = [](auto x) { return min(x[0], x[1]); };
  const auto jump = [](auto x) { return step(x[0]); };
  const auto sign_of = [](auto x) { return sign(x[0]); };
  const auto down = [](auto x) { return floor(x[0]); };
  const auto up = [](auto x) { return ceil(x[0]); };
  const auto nearest = [](auto x) { return round(x[0]); };
  const auto below = [](auto x) { return lt(x[0], x[1]); };
  const auto logarithm_or_itself = [](auto x) { return select(gt(x[0], 0.0), log(x[0]), x[0]); };
  const auto root_or_other = [](auto x) { return select(gt(x[0], 0.0), sqrt(x[0]), x[1]); };
  return {
      {"abs(x)", magnitude, {0}, 0, {0}, {0}},
      {"abs(x)", magnitude, {-0.0}, 0, {0}, {0}},
      {"abs(x)", magnitude, {-3}, 3, {-1}, {0}},
      {"abs(x)", magnitude, {-kInf}, kInf, {-1}},
      {"abs(x)", magnitude, {kNaN}, kNaN, {kNaN}},
      {"sign(x)", sign_of, {0}, 0, {0}, {0}},
      {"sign(x)", sign_of, {-3}, -1, {0}, {0}},
      {"sign(x)", sign_of, {kNaN}, kNaN, {kNaN}},
      {"step(x)", jump, {0}, 0, {0}, {0}},
      {"step(x)", jump, {kInf}, 1, {0}, {0}},
      {"step(x)", jump, {kNaN}, kNaN, {kNaN}},
      {"floor(x)", down, {2}, 2, {0}, {0}},
      {"floor(x)", down, {-1.5}, -2, {0}, {0}},
      {"floor(x)", down, {kNaN}, kNaN, {kNaN}},
      {"ceil(x)", up, {2}, 2, {0}, {0}},
      {"ceil(x)", up, {-1.5}, -1, {0}, {0}},
      {"ceil(x)", up, {kNaN}, kNaN, {kNaN}},
      {"round(x)", nearest, {2.5}, 3, {0}, {0}},
      {"round(x)", nearest, {-2.5}, -3, {0}, {0}},
      {"round(x)", nearest, {kNaN}, kNaN, {kNaN}},
      {"lt(x, y)", below, {1, 2}, 1, {0, 0}, {0, 0, 0, 0}},
      {"lt(x, y)", below, {2, 2}, 0, {0, 0}, {0, 0, 0, 0}},
      {"lt(x, y)", below, {kNaN, 2}, 0, {0, 0}},
      {"le(x, y)", [](auto x) { return le(x[0], x[1]); }, {2, 2}, 1, {0, 0}},
      {"gt(x, y)", [](auto x) { return gt(x[0], x[1]); }, {2, 2}, 0, {0, 0}},
      {"ge(x, y)", [](auto x) { return ge(x[0], x[1]); }, {2, 2}, 1, {0, 0}},
      {"eq(x, y)", [](auto x) { return eq(x[0], x[1]); }, {2, 2}, 1, {0, 0}},
      {"ne(x, y)", [](auto x) { return ne(x[0], x[1]); }, {kNaN, kNaN}, 1, {0, 0}},
      {"relu(x)", rectified, {0}, 0, {0}, {0}},
      {"relu(x)", rectified, {-kInf}, 0, {0}, {0}},
      {"relu(x)", rectified, {kInf}, kInf, {1}, {0}},
      {"relu(x)", rectified, {kNaN}, kNaN, {kNaN}},
      {"leaky_relu(x, 0.1)", leaky, {0}, 0, {0.1}, {0}},
      {"leaky_relu(x, 0.1)", leaky, {-kInf}, -kInf, {0.1}, {0}},
      {"leaky_relu(x, 0.1)", leaky, {kNaN}, kNaN, {kNaN}},
      {"leaky_relu(x, 0)", [](auto x) { return leaky_relu(x[0], 0.0); }, {-kInf}, kNaN, {0}},
      {"elu(x)", unit, {0}, 0, {1}},
      {"elu(x)", unit, {-kInf}, -1, {0}, {0}},
      {"elu(x)", unit, {kInf}, kInf, {1}, {0}},
      {"elu(x, 0.5)", shallow, {0}, 0, {0.5}},
      {"max(x, y)", larger, {3, 3}, 3, {0.5, 0.5}, {0, 0, 0, 0}},
      {"max(x, y)", larger, {kInf, kInf}, kInf, {0.5, 0.5}, {0, 0, 0, 0}},
      {"max(x, y)", larger, {1, 2}, 2, {0, 1}, {0, 0, 0, 0}},
      {"max(x, y)", larger, {kNaN, 2}, kNaN, {kNaN, kNaN}},
      {"max(x, y)", larger, {2, kNaN}, kNaN, {kNaN, kNaN}},
      {"max(x, 0)", [](auto x) { return max(x[0], 0.0); }, {0}, 0, {0}, {0}},
      {"min(x, y)", smaller, {3, 3}, 3, {0.5, 0.5}, {0, 0, 0, 0}},
      {"min(x, y)", smaller, {1, 2}, 1, {1, 0}, {0, 0, 0, 0}},
      {"min(x, y)", smaller, {kNaN, 2}, kNaN, {kNaN, kNaN}},
      {"min(x, y)", smaller, {2, kNaN}, kNaN, {kNaN, kNaN}},
      {"x > 0 ? log(x) : x", logarithm_or_itself, {-1}, -1, {1}, {0}},
      {"x > 0 ? log(x) : x", logarithm_or_itself, {0}, 0, {1}, {0}},
      {"x > 0 ? log(x) : x", logarithm_or_itself, {2}, kLog2, {0.5}, {-0.25}},
      {"x > 0 ? sqrt(x) : y", root_or_other, {-1, 2}, 2, {0, 1}, {0, 0, 0, 0}},
      {"x > 0 ? sqrt(x) : y", root_or_other, {4, kNaN}, 2, {0.25, 0}},
  };
}

std::vector<Case> activations() {
  const auto hyperbolic = [](auto x) { return tanh(x[0]); };
  const auto logistic = [](auto x) { return sigmoid(x[0]); };
  const auto smooth = [](auto x) { return softplus(x[0]); };
  const auto error = [](auto x) { return erf(x[0]); };
  const auto rest = [](auto x) { return erfc(x[0]); };
  const auto gaussian = [](auto x) { return gelu(x[0]); };
  const auto swish = [](auto x) { return silu(x[0]); };
  const double two_over_root_pi = 2 * std::numbers::inv_sqrtpi;
  const double tiny = 1e-300;
  return {
      {"tanh(x)", hyperbolic, {1000}, 1, {0}, {0}},
      {"tanh(x)", hyperbolic, {-1000}, -1, {0}, {0}},
      {"tanh(x)", hyperbolic, {kInf}, 1, {0}, {0}},
      {"tanh(x)", hyperbolic, {-kInf}, -1, {0}, {0}},
      {"sigmoid(x)", logistic, {1000}, 1, {0}, {0}},
      {"sigmoid(x)", logistic, {-1000}, 0, {0}, {0}},
      {"sigmoid(x)", logistic, {kInf}, 1, {0}, {0}},
      {"sigmoid(x)", logistic, {-kInf}, 0, {0}, {0}},
      {"sigmoid(x)", logistic, {0}, 0.5, {0.25}, {0}},
      {"softplus(x)", smooth, {-1000}, 0, {0}, {0}},
      {"softplus(x)", smooth, {0}, kLog2, {0.5}, {0.25}},
      {"softplus(x)", smooth, {1000}, 1000, {1}, {0}},
      {"softplus(x)", smooth, {kInf}, kInf, {1}, {0}},
      {"softplus(x)", smooth, {-kInf}, 0, {0}, {0}},
      {"erf(x)",
       error,
       {tiny},
       two_over_root_pi * tiny,
       {two_over_root_pi},
       {-2 * tiny * two_over_root_pi}},
      {"erf(x)", error, {kInf}, 1, {0}},
      {"erf(x)", error, {-kInf}, -1, {0}},
      {"erfc(x)", rest, {tiny}, 1, {-two_over_root_pi}, {2 * tiny * two_over_root_pi}},
      {"erfc(x)", rest, {kInf}, 0, {0}},
      {"erfc(x)", rest, {-kInf}, 2, {0}},
      {"gelu(x)", gaussian, {tiny}, 0.5 * tiny, {0.5}, {two_over_root_pi / std::numbers::sqrt2}},
      {"gelu(x)", gaussian, {1000}, 1000, {1}, {0}},
      {"gelu(x)", gaussian, {-1000}, 0, {0}, {0}},
      {"gelu(x)", gaussian, {kInf}, kInf, {1}},
      {"gelu(x)", gaussian, {-kInf}, 0, {0}},
      {"silu(x)", swish, {tiny}, 0.5 * tiny, {0.5}, {0.5}},
      {"silu(x)", swish, {1000}, 1000, {1}, {0}},
      {"silu(x)", swish, {-1000}, 0, {0}, {0}},
      {"silu(x)", swish, {kInf}, kInf, {1}},
      {"silu(x)", swish, {-kInf}, 0, {0}},
  };
}

std::vector<Case> ranges() {
  const auto length = [](auto x) { return norm(x); };
  const auto soft_maximum = [](auto x) { return logsumexp(x); };
  const auto first_share = [](auto x) { return softmax(x)[0]; };
  return {
      {"norm(x)", length, {0}, 0, {0}},
      {"norm(x)", length, {0, 0, 0}, 0, {0, 0, 0}},
      {"norm(x)", length, {3, 4}, 5, {0.6, 0.8}, {0.128, -0.096, -0.096, 0.072}},
      {"norm(x)", length, {3e200, 4e200}, 5e200, {0.6, 0.8}},
      {"norm(x)", length, {3e-200, 4e-200}, 5e-200, {0.6, 0.8}},
      {"norm(x)", length, {1, kNaN}, kNaN, {kNaN, kNaN}},
      {"norm(x)", length, {kInf, kNaN}, kNaN, {kNaN, kNaN}},
      {"logsumexp(x)", soft_maximum, {1000, -1000}, 1000, {1, 0}, {0, 0, 0, 0}},
      {"logsumexp(x)",
       soft_maximum,
       {1000, 1000},
       1000 + kLog2,
       {0.5, 0.5},
       {0.25, -0.25, -0.25, 0.25}},
      {"logsumexp(x)", soft_maximum, {-1000, -1000}, -1000 + kLog2, {0.5, 0.5}},
      {"logsumexp(x)", soft_maximum, {1e16, 1e16}, 1e16, {0.5, 0.5}},
      {"logsumexp(x)", soft_maximum, {7}, 7, {1}, {0}},
      {"logsumexp(x)", soft_maximum, {-kInf, -kInf}, -kInf, {0, 0}},
      {"logsumexp(x)", soft_maximum, {-kInf, 3}, 3, {0, 1}},
      {"logsumexp(x)", soft_maximum, {kInf, 3}, kInf, {1, 0}},
      {"logsumexp(x)", soft_maximum, {kInf, kInf}, kInf, {0.5, 0.5}},
      {"logsumexp(x)", soft_maximum, {kNaN, 3}, kNaN, {kNaN, kNaN}},
      {"softmax(x)_1", first_share, {1000, -1000}, 1, {0, 0}},
      {"softmax(x)_1", first_share, {-1000, 1000}, 0, {0, 0}},
      {"softmax(x)_1", first_share, {1000, 1000}, 0.5, {0.25, -0.25}, {0, 0, 0, 0}},
      {"softmax(x)_1", first_share, {-kInf, 3}, 0, {0, 0}},
      {"softmax(x)_1", first_share, {kInf, 3}, 1, {0, 0}},
      {"softmax(x)_1", first_share, {-kInf, -kInf}, kNaN, {kNaN, kNaN}},
      {"softmax(x)_1", first_share, {kNaN, 3}, kNaN, {kNaN, kNaN}},
      {"sum(x)", [](auto x) { return sum(x); }, {kInf, -kInf}, kNaN, {1, 1}},
      {"mean(x)", [](auto x) { return mean(x); }, {1, kInf}, kInf, {0.5, 0.5}},
      {"dot(x, x)", [](auto x) { return dot(x, x); }, {0, 3}, 9, {0, 6}, {2, 0, 0, 2}},
  };
}

}  // namespace

const std::vector<Case>& all() {
  static const std::vector<Case> rows = [] {
    std::vector<Case> result;
    for (const auto& section :
         {powers(), exponentials_and_logarithms(), angles(), kinks_and_jumps(), activations(),
          ranges(), floating_point(), logarithms_of_exponentials(), special_functions()})
      result.insert(result.end(), section.begin(), section.end());
    return result;
  }();
  return rows;
}

}  // namespace autograd::special_values
