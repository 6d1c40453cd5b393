// Operations that only the library records: nobody calls them by a name.
#pragma once

#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

// upstream * partial, as a gradient that is recorded for replay needs it: nothing flows where
// nothing arrives, even if the partial is infinite.
struct AdjointProduct {
  static constexpr Info info{.name = "adjoint product",
                             .formula = "x y, but 0 where x is 0",
                             .derivatives = {"y", "x"},
                             .symbol = "*",
                             .glyph = "×"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(eq(x, 0.0), 0.0, x * y); }
  // Where x is 0 an infinite y is not there.
  static auto dx(auto x, auto y, auto) {
    return select(eq(x, 0.0), select(lt(abs(y), kInfinity), y, 0.0), y);
  }
  static auto dy(auto x, auto, auto) { return x; }
};

// The mean of x over all rows of the batch that a Function is run on. As long as it is recorded
// there is one row.
struct RowMean {
  static constexpr Info info{.name = "row mean",
                             .formula = "the mean of x over the rows",
                             .derivatives = {"1"},
                             .symbol = "row mean"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return x; }
  static auto dx(auto, auto) { return 1.0; }
};

// What a user's own operation is recorded as: its value and derivatives are kept beside the node.
struct Custom {
  static constexpr Info info{"custom", "see custom()", {"as given"}};
  template <class T> static T value(std::span<const T>, std::size_t) { return kNaN; }
  template <class T>
  static void partials(std::span<const T>, std::size_t, const T&, std::span<T> out) {
    for (T& each : out) each = kNaN;
  }
};

using Unlisted = List<AdjointProduct, RowMean, Custom>;

}  // namespace ops

}  // namespace autograd
