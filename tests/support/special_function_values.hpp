// The rows of autograd/special-values.md on special functions.
#pragma once

#include <vector>

#include <tests/support/special_value.hpp>

namespace autograd::special_values {

inline std::vector<Case> logarithms_of_exponentials() {
  const auto sum = [](auto x) { return logaddexp(x[0], x[1]); };
  const auto difference = [](auto x) { return logdiffexp(x[0], x[1]); };
  const auto complement = [](auto x) { return log1mexp(x[0]); };
  const auto cosine = [](auto x) { return log_cosh(x[0]); };
  const auto logistic = [](auto x) { return log_sigmoid(x[0]); };
  const auto odds = [](auto x) { return logit(x[0]); };
  const auto product = [](auto x) { return xlogy(x[0], x[1]); };
  const auto product1p = [](auto x) { return xlog1py(x[0], x[1]); };
  return {
      {"logaddexp(x, y)", sum, {1000, -1000}, 1000, {1, 0}, {0, 0, 0, 0}},
      {"logaddexp(x, y)", sum, {0, 0}, kLog2, {0.5, 0.5}, {0.25, -0.25, -0.25, 0.25}},
      {"logaddexp(x, y)", sum, {1e16, 1e16}, 1e16, {0.5, 0.5}},
      {"logaddexp(x, y)", sum, {-kInf, 3}, 3, {0, 1}},
      {"logaddexp(x, y)", sum, {kInf, 3}, kInf, {1, 0}},
      {"logaddexp(x, y)", sum, {kInf, kInf}, kInf, {0.5, 0.5}},
      {"logaddexp(x, y)", sum, {-kInf, -kInf}, -kInf, {0, 0}},
      {"logaddexp(x, y)", sum, {kNaN, kInf}, kNaN, {kNaN, kNaN}},
      {"logdiffexp(x, y)", difference, {3, 3}, -kInf, {kInf, -kInf}},
      {"logdiffexp(x, y)", difference, {1000, -1000}, 1000, {1, 0}, {0, 0, 0, 0}},
      {"logdiffexp(x, y)", difference, {3, 4}, kNaN, {kNaN, kNaN}, {kNaN, kNaN, kNaN, kNaN}},
      {"logdiffexp(x, y)", difference, {3, -kInf}, 3, {1, 0}},
      {"logdiffexp(x, y)", difference, {-kInf, -kInf}, -kInf, {0, 0}},
      {"logdiffexp(x, y)", difference, {kInf, 3}, kInf, {1, 0}},
      {"logdiffexp(x, y)", difference, {kInf, kInf}, kNaN, {kNaN, kNaN}},
      {"log1mexp(x)", complement, {0}, -kInf, {kInf}, {-kInf}},
      {"log1mexp(x)", complement, {-0.0}, -kInf, {kInf}},
      {"log1mexp(x)", complement, {-1}, kNaN, {kNaN}, {kNaN}},
      {"log1mexp(x)", complement, {800}, 0, {0}, {0}},
      {"log1mexp(x)", complement, {kInf}, 0, {0}},
      {"log_cosh(x)", cosine, {0}, 0, {0}, {1}},
      {"log_cosh(x)", cosine, {1e-100}, 5e-201, {1e-100}, {1}},
      {"log_cosh(x)", cosine, {1000}, 1000 - kLog2, {1}, {0}},
      {"log_cosh(x)", cosine, {-kInf}, kInf, {-1}, {0}},
      {"log_sigmoid(x)", logistic, {1000}, 0, {0}, {0}},
      {"log_sigmoid(x)", logistic, {0}, -kLog2, {0.5}, {-0.25}},
      {"log_sigmoid(x)", logistic, {-1000}, -1000, {1}, {0}},
      {"log_sigmoid(x)", logistic, {-kInf}, -kInf, {1}, {0}},
      {"log_sigmoid(x)", logistic, {kInf}, 0, {0}, {0}},
      {"logit(x)", odds, {0}, -kInf, {kInf}, {-kInf}},
      {"logit(x)", odds, {1}, kInf, {kInf}, {kInf}},
      {"logit(x)", odds, {0.5}, 0, {4}, {0}},
      {"logit(x)", odds, {1.5}, kNaN, {kNaN}, {kNaN}},
      {"xlogy(x, y)", product, {0, 0}, 0, {-kInf, 0}},
      {"xlogy(x, y)", product, {0, 2}, 0, {kLog2, 0}, {0, 0.5, 0.5, 0}},
      {"xlogy(x, y)", product, {2, 0}, -kInf, {-kInf, kInf}},
      {"xlogy(x, y)", product, {0, kInf}, 0, {kInf, 0}},
      {"xlogy(x, y)", product, {0, -1}, kNaN, {kNaN, kNaN}},
      {"xlogy(x, y)", product, {0, kNaN}, kNaN, {kNaN, kNaN}},
      {"xlogy(x, x)", [](auto x) { return xlogy(x[0], x[0]); }, {0}, 0, {-kInf}},
      {"xlog1py(x, y)", product1p, {0, -1}, 0, {-kInf, 0}},
      {"xlog1py(x, y)", product1p, {0, 1}, 0, {kLog2, 0}, {0, 0.5, 0.5, 0}},
      {"xlog1py(x, y)", product1p, {2, -1}, -kInf, {-kInf, kInf}},
      {"xlog1py(x, y)", product1p, {0, -2}, kNaN, {kNaN, kNaN}},
  };
}

inline std::vector<Case> special_functions() {
  const auto density = [](auto x) { return normal_cdf(x[0]); };
  const auto log_density = [](auto x) { return log_normal_cdf(x[0]); };
  const auto inverse = [](auto x) { return erfinv(x[0]); };
  const auto wave = [](auto x) { return sinc(x[0]); };
  const auto growth = [](auto x) { return expm1_over_x(x[0]); };
  const auto logarithm = [](auto x) { return log1p_over_x(x[0]); };
  const auto gamma = [](auto x) { return tgamma(x[0]); };
  const auto log_gamma = [](auto x) { return lgamma(x[0]); };
  const auto slope = [](auto x) { return digamma(x[0]); };
  const auto curvature = [](auto x) { return polygamma(1, x[0]); };
  const auto third = [](auto x) { return polygamma(2, x[0]); };
  const double at_zero = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  const double euler = -std::numbers::egamma, basel = kPi * kPi / 6;
  return {
      {"normal_cdf(x)", density, {0}, 0.5, {at_zero}, {0}},
      {"normal_cdf(x)", density, {1000}, 1, {0}, {0}},
      {"normal_cdf(x)", density, {-kInf}, 0, {0}, {0}},
      {"normal_cdf(x)", density, {kInf}, 1, {0}, {0}},
      {"log_normal_cdf(x)", log_density, {0}, -kLog2, {2 * at_zero}, {-4 * at_zero * at_zero}},
      {"log_normal_cdf(x)", log_density, {-40}, -804.6084420137538, {40.02496884720726}},
      {"log_normal_cdf(x)", log_density, {-1e9}, -5e17, {1e9}, {-1}},
      {"log_normal_cdf(x)", log_density, {1000}, 0, {0}, {0}},
      {"log_normal_cdf(x)", log_density, {-kInf}, -kInf, {kInf}, {-1}},
      {"log_normal_cdf(x)", log_density, {kInf}, 0, {0}, {0}},
      {"erfinv(x)", inverse, {0}, 0, {std::sqrt(kPi) / 2}, {0}},
      {"erfinv(x)", inverse, {-0.0}, -0.0, {std::sqrt(kPi) / 2}},
      {"erfinv(x)", inverse, {1}, kInf, {kInf}, {kInf}},
      {"erfinv(x)", inverse, {-1}, -kInf, {kInf}, {-kInf}},
      {"erfinv(x)", inverse, {1.5}, kNaN, {kNaN}, {kNaN}},
      {"sinc(x)", wave, {0}, 1, {0}, {-2 * basel}},
      {"sinc(x)", wave, {1}, 0, {-1}, {2}},
      {"sinc(x)", wave, {kInf}, 0, {0}, {0}},
      {"expm1_over_x(x)", growth, {0}, 1, {0.5}, {1.0 / 3}},
      {"expm1_over_x(x)",
       growth,
       {712},
       std::exp(356.0) / 712 * std::exp(356.0),
       {std::exp(356.0) / 712 * std::exp(356.0) * (1 - 1.0 / 712)}},
      {"expm1_over_x(x)", growth, {kInf}, kInf, {kInf}, {kInf}},
      {"expm1_over_x(x)", growth, {-kInf}, 0, {0}, {0}},
      {"log1p_over_x(x)", logarithm, {0}, 1, {-0.5}, {2.0 / 3}},
      {"log1p_over_x(x)", logarithm, {-1}, kInf, {-kInf}, {kInf}},
      {"log1p_over_x(x)", logarithm, {-2}, kNaN, {kNaN}, {kNaN}},
      {"log1p_over_x(x)", logarithm, {kInf}, 0, {0}, {0}},
      {"lgamma(x)", log_gamma, {1}, 0, {euler}, {basel}},
      {"lgamma(x)", log_gamma, {0}, kInf, {-kInf}, {kInf}},
      {"lgamma(x)", log_gamma, {-0.0}, kInf, {kInf}, {kInf}},
      {"lgamma(x)", log_gamma, {-1}, kInf, {kNaN}, {kInf}},
      {"lgamma(x)", log_gamma, {kInf}, kInf, {kInf}, {0}},
      {"lgamma(x)", log_gamma, {-kInf}, kInf, {kNaN}, {kNaN}},
      {"tgamma(x)", gamma, {1}, 1, {euler}, {euler * euler + basel}},
      {"tgamma(x)", gamma, {0}, kInf, {-kInf}},
      {"tgamma(x)", gamma, {-0.0}, -kInf, {-kInf}},
      {"tgamma(x)", gamma, {-1}, kNaN, {kNaN}, {kNaN}},
      {"tgamma(x)", gamma, {kInf}, kInf, {kInf}},
      {"tgamma(x)", gamma, {-kInf}, kNaN, {kNaN}},
      {"digamma(x)", slope, {1}, euler, {basel}},
      {"digamma(x)", slope, {0}, -kInf, {kInf}, {-kInf}},
      {"digamma(x)", slope, {-0.0}, kInf, {kInf}, {kInf}},
      {"digamma(x)", slope, {-1}, kNaN, {kInf}, {kNaN}},
      {"digamma(x)", slope, {kInf}, kInf, {0}, {0}},
      {"digamma(x)", slope, {-kInf}, kNaN, {kNaN}, {kNaN}},
      {"polygamma(1, x)", curvature, {0}, kInf, {-kInf}, {kInf}},
      {"polygamma(1, x)", curvature, {-3}, kInf, {kNaN}, {kInf}},
      {"polygamma(1, x)", curvature, {kInf}, 0, {0}, {0}},
      {"polygamma(2, x)", third, {0}, -kInf, {kInf}, {-kInf}},
      {"polygamma(2, x)", third, {-3}, kNaN, {kInf}, {kNaN}},
      {"polygamma(0.5, x)", [](auto x) { return polygamma(0.5, x[0]); }, {2}, kNaN, {kNaN}},
      {"squared_norm(x)", [](auto x) { return squared_norm(x); }, {0, 3}, 9, {0, 6}, {2, 0, 0, 2}},
  };
}

}  // namespace autograd::special_values
