// Activation functions of neural networks.
#pragma once

#include <autograd/ops/piecewise.hpp>
#include <autograd/ops/powers.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

// 1 / (1 + e^-x), accurate in both tails.
struct Sigmoid {
  static constexpr Info info{"sigmoid", "1 / (1 + e^-x)", {"r (1 - r)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) {
    const auto e = exp(-abs(x));
    return select(lt(x, 0.0), e, unless_nan(x, 1.0)) / (1.0 + e);
  }
  static auto dx(auto x, auto r) { return r * apply<Sigmoid>(-x); }
};

struct Relu {
  static constexpr Info info{"relu", "max(x, 0)", {"step x"}, "0 at 0"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(lt(x, 0.0), 0.0, x); }
  static auto dx(auto x, auto) { return apply<Step>(x); }
};

// y is the slope on the negative side, a constant.
struct LeakyRelu {
  static constexpr Info info{.name = "leaky_relu",
                             .formula = "x where x > 0, else y x",
                             .derivatives = {"1 where x > 0, else y", "0 where x > 0, else x"},
                             .choice = "y at 0",
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(gt(x, 0.0), x, y * x); }
  static auto dx(auto x, auto y, auto) { return select(gt(x, 0.0), 1.0, unless_nan(x, y)); }
  static auto dy(auto x, auto, auto) { return select(gt(x, 0.0), 0.0, x); }
};

// y is the depth of the negative side, a constant.
struct Elu {
  static constexpr Info info{
      .name = "elu",
      .formula = "x where x > 0, else y (e^x - 1)",
      .derivatives = {"1 where x > 0, else y e^x", "0 where x > 0, else e^x - 1"},
      .choice = "y at 0",
      .cure = kExponential};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(gt(x, 0.0), x, y * expm1(x)); }
  static auto dx(auto x, auto y, auto) { return select(gt(x, 0.0), 1.0, y * exp(x)); }
  static auto dy(auto x, auto, auto) { return select(gt(x, 0.0), 0.0, expm1(x)); }
};

// x times the normal distribution function of x.
struct Gelu {
  static constexpr Info info{
      "gelu", "x erfc(-x / sqrt 2) / 2", {"erfc(-x / sqrt 2) / 2 + x e^(-x^2 / 2) / sqrt(2 pi)"}};
  static constexpr std::array domain{kReals};
  static constexpr double kRootHalf = 0.5 * std::numbers::sqrt2;
  static auto value(auto x) { return select(lt(x, -1e3), 0.0, 0.5 * x * erfc(-kRootHalf * x)); }
  static auto dx(auto x, auto) {
    return 0.5 * erfc(-kRootHalf * x) +
           bounded(x) * exp(-0.5 * x * x) * (kRootHalf * std::numbers::inv_sqrtpi);
  }
};

struct Silu {
  static constexpr Info info{"silu", "x sigmoid(x)", {"s + x s (1 - s), s = sigmoid(x)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(lt(x, -1e3), 0.0, x * Sigmoid::value(x)); }
  static auto dx(auto x, auto) {
    const auto s = apply<Sigmoid>(x);
    return s + bounded(x) * (s * apply<Sigmoid>(-x));
  }
};

// log(1 + e^x) without overflow.
struct Softplus {
  static constexpr Info info{"softplus", "log(1 + e^x)", {"sigmoid x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return Relu::value(x) + log1p(exp(-abs(x))); }
  static auto dx(auto x, auto) { return apply<Sigmoid>(x); }
};

using Activations = List<Sigmoid, Relu, LeakyRelu, Elu, Gelu, Silu, Softplus>;

}  // namespace ops

[[gnu::always_inline]] inline auto sigmoid(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Sigmoid>(x...);
}
[[gnu::always_inline]] inline auto relu(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Relu>(x...);
}
[[gnu::always_inline]] inline auto gelu(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Gelu>(x...);
}
[[gnu::always_inline]] inline auto silu(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Silu>(x...);
}
[[gnu::always_inline]] inline auto softplus(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Softplus>(x...);
}
template <class... X>
requires detail::NumberAndPlain<X...>
[[gnu::always_inline]] inline auto leaky_relu(const X&... x_and_slope) {
  return detail::apply<ops::LeakyRelu>(x_and_slope...);
}
[[gnu::always_inline]] inline auto leaky_relu(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return leaky_relu(x..., 0.01);
}
template <class... X>
requires detail::NumberAndPlain<X...>
[[gnu::always_inline]] inline auto elu(const X&... x_and_depth) {
  return detail::apply<ops::Elu>(x_and_depth...);
}
[[gnu::always_inline]] inline auto elu(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return elu(x..., 1.0);
}

}  // namespace autograd
