// Operations of many operands: one node with an edge to each. What users call is in ranges.hpp.
//
// value(x, k) and partials(x, k, r, out), out[i] = dr/dx_i. k is which of several outputs is meant:
// only softmax has any.
#pragma once

#include <autograd/ops/piecewise.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

struct Sum {
  static constexpr Info info{.name = "sum",
                             .formula = "x_1 + ... + x_n",
                             .derivatives = {"1"},
                             .symbol = "sum",
                             .commutes = Commutes::kNearly,
                             .cure = kTooLarge};
  template <class T> static T value(std::span<const T> x, std::size_t) {
    T sum = 0.0;
    for (const T& each : x) sum += each;
    return sum;
  }
  template <class T>
  static void partials(std::span<const T>, std::size_t, const T&, std::span<T> out) {
    for (T& each : out) each = 1.0;
  }
};

struct Mean {
  static constexpr Info info{.name = "mean",
                             .formula = "(x_1 + ... + x_n) / n",
                             .derivatives = {"1 / n"},
                             .commutes = Commutes::kNearly,
                             .cure = kTooLarge};
  template <class T> static T value(std::span<const T> x, std::size_t) {
    return Sum::value(x, 0) / static_cast<double>(x.size());
  }
  template <class T>
  static void partials(std::span<const T> x, std::size_t, const T&, std::span<T> out) {
    for (T& each : out) each = 1.0 / static_cast<double>(x.size());
  }
};

// The operands are x_1, y_1, x_2, y_2, ...
struct Dot {
  static constexpr Info info{.name = "dot",
                             .formula = "x_1 y_1 + ... + x_n y_n",
                             .derivatives = {"y_i", "x_i"},
                             .commutes = Commutes::kNearly,
                             .cure = kTooLarge};
  template <class T> static T value(std::span<const T> x, std::size_t) {
    T sum = 0.0;
    for (std::size_t i = 0; i < x.size(); i += 2) sum += x[i] * x[i + 1];
    return sum;
  }
  template <class T>
  static void partials(std::span<const T> x, std::size_t, const T&, std::span<T> out) {
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i ^ 1];
  }
};

// The Euclidean norm, scaled by the largest entry so that squares neither overflow nor vanish.
struct Norm {
  static constexpr Info info{.name = "norm",
                             .formula = "sqrt(x_1^2 + ... + x_n^2)",
                             .derivatives = {"x_i / r"},
                             .choice = "0 where all are 0",
                             .commutes = Commutes::kNearly,
                             .cure = kTooLarge,
                             .kink_cure = kSquaredLength};
  template <class T> static T value(std::span<const T> x, std::size_t) {
    T largest = 0.0;
    for (const T& each : x) largest = Max::value(largest, abs(each));
    const T scale = select(gt(largest, 0.0), select(lt(largest, kInfinity), largest, 1.0), 1.0);
    T sum = 0.0;
    for (const T& each : x) sum += (each / scale) * (each / scale);
    return scale * sqrt(sum);
  }
  template <class T>
  static void partials(std::span<const T> x, std::size_t, const T& r, std::span<T> out) {
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = select(eq(r, 0.0), 0.0, x[i] / r);
  }
  static auto kink_at(auto r) { return eq(r, 0.0); }
};

// e^(x - shift), for a shift that may itself be infinite.
auto weight(const auto& x, const auto& shift) {
  return select(eq(x, kInfinity), 1.0, exp(x - shift));
}

// All e^x_i / (e^x_1 + ... + e^x_n). The shift may be any number near the largest operand: what it
// was rounded by cancels.
template <class T> void weigh(std::span<const T> x, const T& shift, std::span<T> out) {
  T sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out[i] = weight(x[i], shift);
    sum += out[i];
  }
  for (T& each : out) each = each / sum;
}

// The largest operand is taken out first, so that nothing overflows, and its 1 is left to log1p, so
// that the others are not rounded away.
struct LogSumExp {
  static constexpr Info info{.name = "logsumexp",
                             .formula = "log(e^x_1 + ... + e^x_n)",
                             .derivatives = {"e^(x_i - r)"},
                             .choice = "0 where all are -inf",
                             .commutes = Commutes::kNearly};
  template <class T> static T value(std::span<const T> x, std::size_t) {
    T largest = -kInfinity;
    for (const T& each : x) largest = Max::value(largest, each);
    const T shift = select(lt(abs(largest), kInfinity), largest, 0.0);
    T ties = -1.0, rest = 0.0;
    for (const T& each : x) {
      ties += select(eq(each, shift), 1.0, 0.0);
      rest += select(eq(each, shift), 0.0, exp(each - shift));
    }
    return shift + log1p(ties + rest);
  }
  template <class T>
  static void partials(std::span<const T> x, std::size_t, const T& r, std::span<T> out) {
    weigh(x, r, out);
    for (T& each : out) each = select(eq(r, -kInfinity), 0.0, each);
  }
  static auto kink_at(auto r) { return eq(r, -kInfinity); }
};

// The k-th output of e^x_i / (e^x_1 + ... + e^x_n).
struct Softmax {
  static constexpr Info info{"softmax",
                             "e^x_k / (e^x_1 + ... + e^x_n)",
                             {"r ((i == k) - softmax_i)"},
                             "NaN where all are -inf"};
  template <class T> static T value(std::span<const T> x, std::size_t k) {
    T largest = -kInfinity;
    for (const T& each : x) largest = Max::value(largest, each);
    T sum = 0.0;
    for (const T& each : x) sum += weight(each, largest);
    return weight(x[k], largest) / sum;
  }
  template <class T>
  static void partials(std::span<const T> x, std::size_t k, const T& r, std::span<T> out) {
    shares(x, out);
    partials_from<T>(out, k, r, out);
  }

  // All outputs, each with the bits of value().
  template <class T> static void values(std::span<const T> x, std::span<T> out) {
    T largest = -kInfinity;
    for (const T& each : x) largest = Max::value(largest, each);
    weigh(x, largest, out);
  }
  // The same numbers as they stand in partials.
  template <class T> static void shares(std::span<const T> x, std::span<T> out) {
    weigh(x, apply_range<LogSumExp>(x, 0), out);
  }
  // r (1 - r) is added up from the others: 1 - r would be rounded.
  template <class T> static void partials_from(std::span<const T> shares, std::size_t k, const T& r,
                                               std::span<T> out) {
    T others = 0.0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      out[i] = -r * shares[i];
      if (i != k) others += out[i];
    }
    out[k] = -others;
  }
};

using Ranged = List<Sum, Mean, Dot, Norm, LogSumExp, Softmax>;

}  // namespace ops

}  // namespace autograd
