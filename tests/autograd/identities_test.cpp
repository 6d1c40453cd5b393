// What is true of functions whatever their derivatives are: both sides of an identity have the same
// value and the same gradient.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Value;
using numeric::text;
using V = const Value&;

// An identity in x and y, each between low and high.
struct Identity {
  std::string_view text;
  Value (*left)(V x, V y);
  Value (*right)(V x, V y);
  double low = -3, high = 3;
};

Value constant(double x) { return Value(x); }

const std::vector<Identity> kIdentities = {
    // arithmetic
    {"(x + y)(x - y) = x^2 - y^2", [](V x, V y) { return (x + y) * (x - y); },
     [](V x, V y) { return square(x) - y * y; }},
    {"(x / y) y = x", [](V x, V y) { return x / y * y; }, [](V x, V) { return 1 * x; }, 0.1, 3},
    {"1 / (x / y) = y / x", [](V x, V y) { return reciprocal(x / y); },
     [](V x, V y) { return y / x; }, 0.1, 3},
    {"-(x - y) = y - x", [](V x, V y) { return -(x - y); }, [](V x, V y) { return y - x; }},
    {"3 - (2 - x) = 1 + x", [](V x, V) { return 3 - (2 - x); }, [](V x, V) { return 1 + x; }},
    {"6 / (2 / x) = 3 x", [](V x, V) { return 6 / (2 / x); }, [](V x, V) { return x * 3; }, 0.1, 3},
    // powers, exponentials, logarithms
    {"e^(x+y) = e^x e^y", [](V x, V y) { return exp(x + y); },
     [](V x, V y) { return exp(x) * exp(y); }},
    {"log e^x = x", [](V x, V) { return log(exp(x)); }, [](V x, V) { return 1 * x; }},
    {"e^log x = x", [](V x, V) { return exp(log(x)); }, [](V x, V) { return 1 * x; }, 0.1, 3},
    {"log xy = log x + log y", [](V x, V y) { return log(x * y); },
     [](V x, V y) { return log(x) + log(y); }, 0.1, 3},
    {"x^y = e^(y log x)", [](V x, V y) { return pow(x, y); },
     [](V x, V y) { return exp(y * log(x)); }, 0.1, 3},
    {"x^y x^-y = 1", [](V x, V y) { return pow(x, y) * pow(x, -y); },
     [](V, V) { return constant(1); }, 0.1, 3},
    {"(x^y)^2 = x^2y", [](V x, V y) { return pow(pow(x, y), 2); },
     [](V x, V y) { return pow(x, 2 * y); }, 0.1, 3},
    {"2^x = e^(x log 2)", [](V x, V) { return exp2(x); },
     [](V x, V) { return exp(x * std::numbers::ln2); }},
    {"3^x 3^y = 3^(x+y)", [](V x, V y) { return pow(3, x) * pow(3, y); },
     [](V x, V y) { return pow(3, x + y); }},
    {"log2 2^x = x", [](V x, V) { return log2(exp2(x)); }, [](V x, V) { return 1 * x; }},
    {"log2 x = log10 x / log10 2", [](V x, V) { return log2(x); },
     [](V x, V) { return log10(x) / std::log10(2); }, 0.1, 3},
    {"log10 x = log x / log 10", [](V x, V) { return log10(x); },
     [](V x, V) { return log(x) / std::numbers::ln10; }, 0.1, 3},
    {"expm1 x + 1 = e^x", [](V x, V) { return expm1(x) + 1; }, [](V x, V) { return exp(x); }},
    {"log1p expm1 x = x", [](V x, V) { return log1p(expm1(x)); }, [](V x, V) { return 1 * x; }},
    {"log1p x = log(1 + x)", [](V x, V) { return log1p(x); }, [](V x, V) { return log(1 + x); },
     -0.9, 3},
    {"sqrt x^2 = |x|", [](V x, V) { return sqrt(square(x)); }, [](V x, V) { return abs(x); }},
    {"sqrt xy = sqrt x sqrt y", [](V x, V y) { return sqrt(x * y); },
     [](V x, V y) { return sqrt(x) * sqrt(y); }, 0.1, 3},
    {"(cbrt x)^3 = x", [](V x, V) { return pow(cbrt(x), 3); }, [](V x, V) { return 1 * x; }},
    // angles
    {"sin^2 + cos^2 = 1", [](V x, V) { return square(sin(x)) + square(cos(x)); },
     [](V, V) { return constant(1); }},
    {"sin 2x = 2 sin x cos x", [](V x, V) { return sin(2 * x); },
     [](V x, V) { return 2 * sin(x) * cos(x); }},
    {"cos(x+y) = cos x cos y - sin x sin y", [](V x, V y) { return cos(x + y); },
     [](V x, V y) { return cos(x) * cos(y) - sin(x) * sin(y); }},
    {"tan x = sin x / cos x", [](V x, V) { return tan(x); }, [](V x, V) { return sin(x) / cos(x); },
     -1.4, 1.4},
    {"sin asin x = x", [](V x, V) { return sin(asin(x)); }, [](V x, V) { return 1 * x; }, -0.9,
     0.9},
    {"asin x + acos x = pi / 2", [](V x, V) { return asin(x) + acos(x); },
     [](V, V) { return constant(std::numbers::pi / 2); }, -0.9, 0.9},
    {"acos cos x = x", [](V x, V) { return acos(cos(x)); }, [](V x, V) { return 1 * x; }, 0.2, 2.9},
    {"tan atan x = x", [](V x, V) { return tan(atan(x)); }, [](V x, V) { return 1 * x; }},
    {"atan x + atan 1/x = pi / 2", [](V x, V) { return atan(x) + atan(1 / x); },
     [](V, V) { return constant(std::numbers::pi / 2); }, 0.1, 3},
    {"atan2(x, y) = atan(x / y)", [](V x, V y) { return atan2(x, y); },
     [](V x, V y) { return atan(x / y); }, 0.1, 3},
    {"hypot(x, y) sin atan2(x, y) = x", [](V x, V y) { return hypot(x, y) * sin(atan2(x, y)); },
     [](V x, V) { return 1 * x; }},
    {"hypot(x, y) cos atan2(x, y) = y", [](V x, V y) { return hypot(x, y) * cos(atan2(x, y)); },
     [](V, V y) { return 1 * y; }},
    {"hypot^2 = x^2 + y^2", [](V x, V y) { return square(hypot(x, y)); },
     [](V x, V y) { return square(x) + square(y); }},
    {"hypot = norm", [](V x, V y) { return hypot(x, y); },
     [](V x, V y) {
       return autograd::norm({x, y});
     }},
    // areas
    {"cosh^2 - sinh^2 = 1", [](V x, V) { return square(cosh(x)) - square(sinh(x)); },
     [](V, V) { return constant(1); }},
    {"sinh x + cosh x = e^x", [](V x, V) { return sinh(x) + cosh(x); },
     [](V x, V) { return exp(x); }},
    {"tanh x = sinh x / cosh x", [](V x, V) { return tanh(x); },
     [](V x, V) { return sinh(x) / cosh(x); }},
    {"tanh(x+y) = (tanh x + tanh y) / (1 + tanh x tanh y)", [](V x, V y) { return tanh(x + y); },
     [](V x, V y) { return (tanh(x) + tanh(y)) / (1 + tanh(x) * tanh(y)); }, -1, 1},
    {"asinh sinh x = x", [](V x, V) { return asinh(sinh(x)); }, [](V x, V) { return 1 * x; }},
    {"acosh cosh x = x", [](V x, V) { return acosh(cosh(x)); }, [](V x, V) { return 1 * x; }, 0.2,
     3},
    {"atanh tanh x = x", [](V x, V) { return atanh(tanh(x)); }, [](V x, V) { return 1 * x; }},
    // error functions and activations
    {"erf x + erfc x = 1", [](V x, V) { return erf(x) + erfc(x); },
     [](V, V) { return constant(1); }},
    {"erfc -x = 2 - erfc x", [](V x, V) { return erfc(-x); }, [](V x, V) { return 2 - erfc(x); }},
    {"sigmoid x = (1 + tanh x/2) / 2", [](V x, V) { return sigmoid(x); },
     [](V x, V) { return (1 + tanh(x / 2)) / 2; }},
    {"sigmoid x + sigmoid -x = 1", [](V x, V) { return sigmoid(x) + sigmoid(-x); },
     [](V, V) { return constant(1); }},
    {"softplus x - softplus -x = x", [](V x, V) { return softplus(x) - softplus(-x); },
     [](V x, V) { return 1 * x; }},
    {"softplus x = log(1 + e^x)", [](V x, V) { return softplus(x); },
     [](V x, V) { return log(1 + exp(x)); }},
    {"silu x = x sigmoid x", [](V x, V) { return silu(x); }, [](V x, V) { return x * sigmoid(x); }},
    {"gelu x = x (1 + erf x/sqrt 2) / 2", [](V x, V) { return gelu(x); },
     [](V x, V) { return x * (1 + erf(x / std::numbers::sqrt2)) / 2; }},
    {"relu x - relu -x = x", [](V x, V) { return relu(x) - relu(-x); },
     [](V x, V) { return 1 * x; }},
    {"leaky_relu(x, a) = relu x - a relu -x", [](V x, V) { return leaky_relu(x, 0.3); },
     [](V x, V) { return relu(x) - 0.3 * relu(-x); }},
    {"elu(x, a) = relu x + a expm1(min(x, 0))", [](V x, V) { return elu(x, 0.3); },
     [](V x, V) { return relu(x) + 0.3 * expm1(min(x, 0)); }},
    {"abs x = x sign x", [](V x, V) { return abs(x); }, [](V x, V) { return x * sign(x); }},
    {"sign x = step x - step -x", [](V x, V) { return sign(x); },
     [](V x, V) { return step(x) - step(-x); }},
    // choosing
    {"max + min = x + y", [](V x, V y) { return max(x, y) + min(x, y); },
     [](V x, V y) { return x + y; }},
    {"max - min = |x - y|", [](V x, V y) { return max(x, y) - min(x, y); },
     [](V x, V y) { return abs(x - y); }},
    {"max = x < y ? y : x", [](V x, V y) { return max(x, y); },
     [](V x, V y) { return select(lt(x, y), y, x); }},
    {"min = x <= y ? x : y", [](V x, V y) { return min(x, y); },
     [](V x, V y) { return select(le(x, y), x, y); }},
    {"(x > y) = 1 - (x <= y)", [](V x, V y) { return gt(x, y); },
     [](V x, V y) { return 1 - le(x, y); }},
    {"(x >= y) + (x < y) = (x == y) + (x != y)", [](V x, V y) { return ge(x, y) + lt(x, y); },
     [](V x, V y) { return eq(x, y) + ne(x, y); }},
    {"ceil x = -floor -x", [](V x, V) { return ceil(x); }, [](V x, V) { return -floor(-x); }},
    {"round x = floor(x + 1/2) for x > 0", [](V x, V) { return round(x); },
     [](V x, V) { return floor(x + 0.5); }, 0.1, 3},
    // many operands
    {"sum = n mean",
     [](V x, V y) {
       return autograd::sum({x, y, x});
     },
     [](V x, V y) {
       return 3 * autograd::mean({x, y, x});
     }},
    {"dot of (x, y) with itself = norm^2",
     [](V x, V y) {
       return dot(std::vector{x, y}, std::vector{x, y});
     },
     [](V x, V y) {
       return square(autograd::norm({x, y}));
     }},
    {"dot with numbers = 2 x - 5 y",
     [](V x, V y) {
       return dot(std::vector{x, y}, std::vector{2.0, -5.0});
     },
     [](V x, V y) { return 2 * x - 5 * y; }},
    {"logsumexp = log(e^x + e^y)",
     [](V x, V y) {
       return autograd::logsumexp({x, y});
     },
     [](V x, V y) { return log(exp(x) + exp(y)); }},
    {"logsumexp(x + 5, y + 5) = logsumexp(x, y) + 5",
     [](V x, V y) {
       return autograd::logsumexp({x + 5, y + 5});
     },
     [](V x, V y) {
       return autograd::logsumexp({x, y}) + 5;
     }},
    {"softmax(x, y)_1 = e^x / (e^x + e^y)",
     [](V x, V y) {
       return autograd::softmax({x, y})[0];
     },
     [](V x, V y) { return exp(x) / (exp(x) + exp(y)); }},
    {"softmax(x, y)_1 = sigmoid(x - y)",
     [](V x, V y) {
       return autograd::softmax({x, y})[0];
     },
     [](V x, V y) { return sigmoid(x - y); }},
    {"log softmax(x, y, x)_2 = y - logsumexp(x, y, x)",
     [](V x, V y) {
       return log(autograd::softmax({x, y, x})[1]);
     },
     [](V x, V y) {
       return y - autograd::logsumexp({x, y, x});
     }},
    {"softmax sums to 1",
     [](V x, V y) {
       return sum(autograd::softmax({x, y, x * y}));
     },
     [](V, V) { return constant(1); }},
};

struct Side {
  double value, dx, dy;
};
Side evaluate(Value (*f)(V, V), double at_x, double at_y) {
  const Value x = at_x, y = at_y;
  const Value r = f(x, y);
  r.backward();
  return {r.data(), x.grad(), y.grad()};
}

bool close(double a, double b) {
  return std::fabs(a - b) <= 2e-12 * std::max({1.0, std::fabs(a), std::fabs(b)});
}

}  // namespace

TEST_CASE("identities: both sides have the same value and the same gradient") {
  constexpr std::uint64_t kSeed = 20;
  for (const Identity& identity : kIdentities) {
    numeric::Random random(kSeed);
    for (int i = 0; i < 100; ++i) {
      const double x = random.between(identity.low, identity.high);
      const double y = random.between(identity.low, identity.high);
      const Side left = evaluate(identity.left, x, y), right = evaluate(identity.right, x, y);
      if (!close(left.value, right.value) || !close(left.dx, right.dx) || !close(left.dy, right.dy))
        FAIL_CHECK(identity.text, " at x = ", text(x), ", y = ", text(y), " (seed ", kSeed,
                   "): ", text(left.value), " (", text(left.dx), ", ", text(left.dy), ") and ",
                   text(right.value), " (", text(right.dx), ", ", text(right.dy), ")");
    }
  }
}

TEST_CASE("identities: functions of plain numbers and of Values have the same values") {
  CHECK(autograd::sigmoid(0.7) == sigmoid(Value(0.7)).data());
  CHECK(autograd::gelu(-0.7) == gelu(Value(-0.7)).data());
  CHECK(autograd::pow(2, 10) == 1024);
  CHECK(autograd::max(1, 2.5) == 2.5);
  CHECK(autograd::leaky_relu(-2.0) == -0.02);
  CHECK(leaky_relu(Value(-2.0)).data() == -0.02);
  CHECK(autograd::elu(-1.0) == std::expm1(-1.0));
  CHECK(autograd::select(true, 1.0, 2.0) == 1);
  CHECK(autograd::logsumexp({1.0, 2.0}) == autograd::logsumexp({Value(1.0), Value(2.0)}).data());
}
