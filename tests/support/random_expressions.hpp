// Random expressions over all elementary operations, for any number type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tests/support/operations.hpp>

namespace operations {

template <std::size_t N, class S = double> using Dual = autograd::detail::Dual<N, S>;
template <class S> using Active = autograd::detail::Active<S>;
extern template const std::vector<Calls<Dual<1>>>& calls();
extern template const std::vector<Calls<Dual<2>>>& calls();
extern template const std::vector<Calls<Dual<3>>>& calls();
extern template const std::vector<Calls<Dual<4>>>& calls();
extern template const std::vector<Calls<Dual<1, Dual<1>>>>& calls();
extern template const std::vector<Calls<Dual<2, Dual<2>>>>& calls();
extern template const std::vector<Calls<Dual<3, Dual<3>>>>& calls();
extern template const std::vector<Calls<Dual<4, Dual<4>>>>& calls();
extern template const std::vector<Calls<Active<double>>>& calls();
extern template const std::vector<Calls<Active<Dual<8>>>>& calls();

}  // namespace operations

namespace random_expressions {

using Numbers = std::vector<double>;

struct Step {
  enum class Form { kBoth, kWithRight, kWithLeft };
  std::size_t operation;  // its place in operations::all()
  Form form;
  std::size_t x, y;  // which earlier results; the inputs are the first
  double number;     // in place of one of them
};

struct Expression {
  std::uint64_t seed;
  Numbers at;
  std::vector<Step> steps;
  bool is_smooth = true;

  bool has(std::string_view name) const;

  template <class T> T operator()(std::span<const T> in) const {
    const std::vector<operations::Calls<T>>& calls = operations::calls<T>();
    std::vector<T> r(in.begin(), in.end());
    for (const Step& step : steps) {
      const operations::Calls<T>& call = calls[step.operation];
      switch (step.form) {
        case Step::Form::kBoth:
          r.push_back(call.both(r[step.x], r[step.y]));
          break;
        case Step::Form::kWithRight:
          r.push_back(call.with_right(r[step.x], step.number));
          break;
        case Step::Form::kWithLeft:
          r.push_back(call.with_left(step.number, r[step.y]));
          break;
      }
    }
    return r[r.size() - 1] + r[r.size() - 2] * r[r.size() - 3];
  }

  // "seed 7 at (0.5, 1): r2 = sin(r0); ..."
  std::string text() const;
};

Expression random_expression(std::uint64_t seed);

// Whether f has a kink or a jump so near to a point that how its operands were rounded decides on
// the side. Inputs and numbers are not rounded.
bool rounding_decides(const Expression& f, const Numbers& at);

}  // namespace random_expressions
