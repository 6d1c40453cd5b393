// OneRow: how a function is run for one row, where that is another way than as a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <autograd/kernels/kernel.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// The numbers that a function of one row is run with.
struct Variables {
  std::span<const double> parameters;
  const double* inputs;
  std::size_t stride;  // of the inputs

  // The parameters first.
  double operator[](std::size_t i) const {
    return i < parameters.size() ? parameters[i] : inputs[(i - parameters.size()) * stride];
  }
};

// The number of a leaf among these.
inline std::uint32_t variable_of(const Trace& function, Trace::Node leaf, std::size_t parameters) {
  const std::uint32_t index = function.nodes[leaf].first;
  return function.code(leaf) == Trace::kParameter ? index
                                                  : static_cast<std::uint32_t>(parameters) + index;
}

// Where derivatives go; what is empty is not wanted.
struct Gradients {
  std::span<double> parameters, inputs;
  std::size_t parameter_count;  // of the function

  // Those of `count` variables from `first` on; empty if they are not wanted, or lie in two arrays.
  std::span<double> from(std::size_t first, std::size_t count) const {
    const bool are_inputs = first >= parameter_count;
    const std::span<double> all = are_inputs ? inputs : parameters;
    const std::size_t begin = are_inputs ? first - parameter_count : first;
    return begin + count <= all.size() ? all.subspan(begin, count) : std::span<double>();
  }
  bool are_wanted() const { return !parameters.empty() || !inputs.empty(); }
  void add(std::size_t variable, double x) const {
    if (variable < parameter_count) {
      if (!parameters.empty()) parameters[variable] += x;
    } else if (!inputs.empty()) {
      inputs[variable - parameter_count] += x;
    }
  }
};

// y += factor x, for arrays that do not overlap.
inline void add_multiple(double factor, const double* __restrict x, std::size_t count,
                         double* __restrict y) {
  for (std::size_t i = 0; i < count; ++i) y[i] += factor * x[i];
}

// Of the variables at which the rows of a loop find a leaf: first, first + step, ...; or a list.
struct Column {
  std::uint32_t first;
  std::int64_t step;
  std::vector<std::uint32_t> list;

  static Column of(std::span<const std::uint32_t> variables);

  // Calls visit(r, number at row begin + r) for numbers that lie at `parameters`, of which there
  // are as many as `parameter_count` says, and at `inputs`. One of these may be null, and is left
  // out then.
  template <class Number, class Visit>
  void visit(std::size_t begin, std::size_t count, std::size_t parameter_count, Number* parameters,
             Number* inputs, std::size_t stride, const Visit& visit) const {
    const auto p = static_cast<std::int64_t>(parameter_count);
    const std::int64_t from = first + static_cast<std::int64_t>(begin) * step;
    const std::int64_t last = from + static_cast<std::int64_t>(count - 1) * step;
    if (!list.empty() || (from < p) != (last < p)) {
      for (std::size_t r = 0; r < count; ++r) {
        const std::int64_t i =
            list.empty() ? from + static_cast<std::int64_t>(r) * step : list[begin + r];
        if (i < p && parameters != nullptr) visit(r, parameters[i]);
        if (i >= p && inputs != nullptr)
          visit(r, inputs[(i - p) * static_cast<std::int64_t>(stride)]);
      }
      return;
    }
    Number* const array = from < p ? parameters : inputs;
    if (array == nullptr) return;
    const std::int64_t scale = from < p ? 1 : static_cast<std::int64_t>(stride);
    Number* const at = array + (from < p ? from : from - p) * scale;
    const std::int64_t by = step * scale;
    if (by == 1) {
      for (std::size_t r = 0; r < count; ++r) visit(r, at[r]);
    } else {
      for (std::size_t r = 0; r < count; ++r) visit(r, at[static_cast<std::int64_t>(r) * by]);
    }
  }
  // Rows from `begin` on.
  void load(std::size_t begin, std::size_t count, const Variables& at, double* to) const {
    visit(begin, count, at.parameters.size(), at.parameters.data(), at.inputs, at.stride,
          [to](std::size_t r, double x) { to[r] = x; });
  }
  void add_to(const Gradients& gradients, std::size_t begin, std::size_t count, double factor,
              const double* x) const {
    if (list.empty() && step == 1) {
      const std::span<double> to = gradients.from(first + begin, count);
      if (!to.empty()) return add_multiple(factor, x, count, to.data());
    }
    visit(begin, count, gradients.parameter_count,
          gradients.parameters.empty() ? nullptr : gradients.parameters.data(),
          gradients.inputs.empty() ? nullptr : gradients.inputs.data(), 1,
          [factor, x](std::size_t r, double& y) { y += factor * x[r]; });
  }
};

// A function of p and x as C++: tables, and the bodies of its value, and of its value and gradient dp
// and dx.
struct CppText {
  std::string tables, value, gradient;
};

class OneRow {
 public:
  virtual ~OneRow() = default;

  // The first output, and its derivatives; all outputs, unless these are not wanted. Nothing, and
  // what is to be written is not valid, where another branch than the recorded one is taken.
  virtual std::optional<double> run(const Variables& at, std::span<double> outputs,
                                    const Gradients& gradients, const Kernels& kernels,
                                    std::size_t threads) const = 0;
  // What was found in it.
  virtual std::string to_string() const = 0;
  // As C++; nothing where that is the whole trace. Names of tables begin with the function's.
  virtual CppText to_cpp(const std::string& name) const = 0;
};

}  // namespace autograd::detail
