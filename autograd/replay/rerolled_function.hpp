// RerolledFunction: one row of a function that is made of loops, run as batches of their rows.
//
//   y = rest(sums of the loops, leaves)
//   dy/dx = sum_k d(rest)/d(sum_k) d(sum_k)/dx + d(rest)/dx
//
// A sum over the rows of a loop is added up as one over the rows of a batch: in another order than
// that in which it was recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <autograd/kernels/kernel.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/reroll.hpp>
#include <autograd/replay/scalar_program.hpp>

namespace autograd::detail {

class ScratchUse;

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

// Where derivatives go; what is empty is not wanted.
struct Gradients {
  std::span<double> parameters, inputs;
  bool are_wanted() const { return !parameters.empty() || !inputs.empty(); }
};

class RerolledFunction {
 public:
  // Recorded at this point.
  RerolledFunction(const Trace& function, const Rerolled& rerolled, const Variables& at,
                   std::size_t inputs);

  // The value.
  double run(const Variables& at, const Gradients& gradients, const Kernels& kernels,
             std::size_t threads) const;
  // A line for each loop.
  std::string to_string() const;
  // The body of a function of C++ with p and x, and dp and dx for the gradient.
  std::string to_cpp(bool has_gradient) const;

 private:
  friend class CppLoops;
  // Of the variables at which a column of leaves is found: first, first + step, ...; or a list.
  struct Column {
    std::uint32_t first;
    std::int64_t step;
    std::vector<std::uint32_t> list;
  };
  struct Part {
    std::unique_ptr<const Recorded> body;
    std::vector<std::uint32_t> shared;  // variables, the parameters of the body
    std::vector<Column> columns;
    std::vector<double> numbers;  // of the other columns
    std::size_t rows, chunk;      // rows that are run at a time

    std::size_t width() const { return body->inputs; }
  };

  template <class Number, class Visit>
  void visit_column(const Column& column, std::size_t begin, std::size_t count, Number* parameters,
                    Number* inputs, std::size_t stride, const Visit& visit) const;
  static Column column_of(std::span<const std::uint32_t> variables);
  double run_part(const Part& part, const Variables& at, double slope, const Gradients* gradients,
                  const Kernels& kernels, std::size_t threads, double* memory) const;
  void add_to(const Gradients& gradients, std::size_t variable, double x) const;

  std::size_t parameters_, inputs_;
  std::vector<Part> parts_;
  std::unique_ptr<const Recorded> rest_;
  std::unique_ptr<const ScalarProgram> rest_value_, rest_gradient_;
  std::size_t rest_nodes_;                     // as it was recorded
  std::vector<std::uint32_t> leaves_;          // variables, the inputs of the rest
  std::vector<double> slopes_;                 // of an affine rest: the same everywhere
  std::size_t memory_ = 0, most_of_part_ = 0;  // numbers
};

}  // namespace autograd::detail
