// Logarithms of sums, differences and products of exponentials, without overflow and cancellation.
#pragma once

#include <autograd/ops/activations.hpp>
#include <autograd/ops/powers.hpp>
#include <autograd/ops/rule.hpp>
#include <autograd/ops/trigonometric.hpp>

namespace autograd {
namespace ops {

// x - y, but 0 of two infinities of one sign. The derivatives of the difference are kept.
inline auto difference(auto x, auto y) {
  return select(lt(abs(x), kInfinity), x - y, select(eq(x, y), 0.0, x - y));
}

struct LogAddExp {
  static constexpr Info info{.name = "logaddexp",
                             .formula = "log(e^x + e^y)",
                             .derivatives = {"e^(x - r)", "e^(y - r)"},
                             .choice = "(0, 0) at (-inf, -inf)",
                             .commutes = Commutes::kNearly};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) {
    return Max::value(x, y) + log1p(exp(-abs(difference(x, y))));
  }
  static auto dx(auto x, auto y, auto r) {
    return select(eq(r, -kInfinity), 0.0, apply<Sigmoid>(difference(x, y)));
  }
  static auto dy(auto x, auto y, auto r) { return dx(y, x, r); }
};

// log(1 - e^-x), as in R and JAX (Maechler 2012).
struct Log1mExp {
  static constexpr Info info{.name = "log1mexp",
                             .formula = "log(1 - e^-x)",
                             .derivatives = {"1 / (e^x - 1)"},
                             .choice = "+inf at 0, NaN below",
                             .cure = "keep what goes in above 0"};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) {
    return select(lt(x, std::numbers::ln2), log(-expm1(-x)), log1p(-exp(-x)));
  }
  static auto dx(auto x, auto r) {
    const auto z = -(x + 0.0);
    return unless_nan(r, exp(z) / -expm1(z));
  }
};

struct LogDiffExp {
  static constexpr Info info{.name = "logdiffexp",
                             .formula = "log(e^x - e^y)",
                             .derivatives = {"1 / (1 - e^(y - x))", "1 / (1 - e^(x - y))"},
                             .choice = "(+inf, -inf) at x = y, NaN above; (0, 0) at (-inf, -inf)",
                             .cure = "keep y below x"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) {
    return select(eq(x, -kInfinity), select(eq(y, -kInfinity), x, kNaN),
                  x + Log1mExp::value(x - y));
  }
  static auto dx(auto x, auto y, auto r) {
    const auto z = -(x - y);
    return select(eq(x, -kInfinity), unless_nan(r, 0.0), unless_nan(r, 1.0 / -expm1(z)));
  }
  static auto dy(auto x, auto y, auto r) {
    const auto z = -(x - y);
    return select(eq(x, -kInfinity), unless_nan(r, 0.0), unless_nan(r, exp(z) / expm1(z)));
  }
  static auto pole(auto x, auto y) { return eq(x, y); }
};

// tanh, but its derivative keeps its digits in the tails.
struct LogCoshDerivative {
  static constexpr Info info{
      "log_cosh derivative", "tanh x", {"4 sigmoid(2 x) sigmoid(-2 x)"}, "", "tanh"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return tanh(x); }
  static auto dx(auto x, auto) {
    return 4.0 * (apply<Sigmoid>(2.0 * x) * apply<Sigmoid>(-2.0 * x));
  }
};

struct LogCosh {
  static constexpr Info info{"log_cosh", "log cosh x", {"tanh x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) {
    const auto a = abs(x), s = sinh(0.5 * select(lt(a, 1.0), a, 1.0));
    return select(lt(a, 1.0), log1p(2.0 * s * s), (a - std::numbers::ln2) + log1p(exp(-2.0 * a)));
  }
  static auto dx(auto x, auto) { return apply<LogCoshDerivative>(x); }
};

struct LogSigmoid {
  static constexpr Info info{"log_sigmoid", "-log(1 + e^-x)", {"sigmoid(-x)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return -Softplus::value(-x); }
  static auto dx(auto x, auto) { return apply<Sigmoid>(-x); }
};

// The inverse of sigmoid.
struct Logit {
  static constexpr Info info{.name = "logit",
                             .formula = "log(x / (1 - x))",
                             .derivatives = {"1 / x + 1 / (1 - x)"},
                             .choice = "+inf at 0 and 1",
                             .cure = kRange};
  static constexpr std::array domain{Interval{0, 1}};
  static auto value(auto x) {
    const auto centred = 2.0 * x - 1.0;
    return select(lt(abs(centred), 0.5), 2.0 * atanh(centred), log(x / (1.0 - x)));
  }
  static auto dx(auto x, auto r) { return unless_nan(r, 1.0 / (x + 0.0) + 1.0 / (1.0 - x)); }
};

inline constexpr std::string_view kEntropy =
    "at 0 the slope of a logarithm is infinite: keep y above 0, or take the other side of a "
    "select() there";

// x log y, the term of an entropy and of a likelihood.
struct XLogY {
  static constexpr Info info{.name = "xlogy",
                             .formula = "x log y, but 0 where x is 0",
                             .derivatives = {"log y", "x / y"},
                             .choice = "at (0, 0): 0, derivatives (-inf, 0); NaN for y < 0",
                             .cure = kEntropy};
  static constexpr std::array domain{kReals, kPositive};
  static auto value(auto x, auto y) {
    const auto logarithm = log(y);
    return select(eq(x, 0.0), unless_nan(logarithm, 0.0), x * logarithm);
  }
  static auto dx(auto, auto y, auto) { return log(y); }
  static auto dy(auto x, auto y, auto r) {
    const auto slope = x / (y + 0.0);
    return unless_nan(r, select(eq(y, 0.0), select(eq(x, 0.0), 0.0, slope), slope));
  }
  static auto pole(auto x, auto y) { return select(eq(y, 0.0), ne(x, 0.0), 0.0); }
  static auto edge(auto x, auto y) { return select(eq(y, 0.0), eq(x, 0.0), 0.0); }
};

struct XLog1pY {
  static constexpr Info info{.name = "xlog1py",
                             .formula = "x log(1 + y), but 0 where x is 0",
                             .derivatives = {"log(1 + y)", "x / (1 + y)"},
                             .choice = "at (0, -1): 0, derivatives (-inf, 0); NaN for y < -1",
                             .cure = kEntropy};
  static constexpr std::array domain{kReals, Interval{-1, kInfinity}};
  static auto value(auto x, auto y) {
    const auto logarithm = log1p(y);
    return select(eq(x, 0.0), unless_nan(logarithm, 0.0), x * logarithm);
  }
  static auto dx(auto, auto y, auto) { return log1p(y); }
  static auto dy(auto x, auto y, auto r) {
    const auto slope = x / (1.0 + y);
    return unless_nan(r, select(eq(y, -1.0), select(eq(x, 0.0), 0.0, slope), slope));
  }
  static auto pole(auto x, auto y) { return select(eq(y, -1.0), ne(x, 0.0), 0.0); }
  static auto edge(auto x, auto y) { return select(eq(y, -1.0), eq(x, 0.0), 0.0); }
};

using Logarithms =
    List<LogAddExp, LogDiffExp, Log1mExp, LogCosh, LogSigmoid, Logit, XLogY, XLog1pY>;

}  // namespace ops

AUTOGRAD_FUNCTION_OF_TWO(logaddexp, detail::applied<ops::LogAddExp>)
AUTOGRAD_FUNCTION_OF_TWO(logdiffexp, detail::applied<ops::LogDiffExp>)
[[gnu::always_inline]] inline auto log1mexp(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Log1mExp>(x...);
}
[[gnu::always_inline]] inline auto log_cosh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::LogCosh>(x...);
}
[[gnu::always_inline]] inline auto log_sigmoid(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::LogSigmoid>(x...);
}
[[gnu::always_inline]] inline auto logit(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Logit>(x...);
}
AUTOGRAD_FUNCTION_OF_TWO(xlogy, detail::applied<ops::XLogY>)
AUTOGRAD_FUNCTION_OF_TWO(xlog1py, detail::applied<ops::XLog1pY>)

}  // namespace autograd
