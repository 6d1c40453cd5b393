// Function: a function recorded once and run many times, for many rows at once.
//
//   Function f = Function::trace([](auto p, auto x) { return square(p[0] * x[0] - x[1]); },
//                                {1.0}, {2.0, 3.0});          // recorded at this point
//   auto [loss, gradient] = f.value_and_gradient({1.5}, rows);  // mean over the rows, d/dp
//
// Parameters are the same for all rows of a batch, inputs differ from row to row. Rows go through
// the processor's vectors, blocks of rows through threads. A row's bits depend neither on the
// other rows nor on the number of threads.
//
// One row of a function that was a loop is run as rows too: those of the loop, which is found again
// in what was recorded. Its sums are added up in another order than in a batch of several rows.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/jacobian.hpp>
#include <autograd/strict.hpp>

namespace autograd {

namespace detail {
class Recorded;

// A matrix of double in memory, as Eigen has them.
template <class M>
concept LiesInMemory = requires(const M& m) {
  { m.data() } -> std::convertible_to<const double*>;
  { m.rows() + m.cols() + m.rowStride() + m.colStride() } -> std::integral;
  { M::IsRowMajor ? 1 : 0 } -> std::same_as<int>;
};
}  // namespace detail

// The inputs of many rows: a view.
class Rows {
 public:
  // One row behind the other, each of `columns` numbers.
  // Throws: Error if these are not whole rows.
  Rows(std::span<const double> data, std::size_t columns);
  // Throws: Error if it does not hold rows times columns numbers.
  Rows(const Matrix& matrix);
  // One column behind the other, each of `rows` numbers: the fastest to load.
  static Rows by_columns(std::span<const double> data, std::size_t rows);
  // Of a matrix of Eigen, a block or a map of one, in whatever order and with whatever strides it
  // lies in memory.
  template <class M>
  requires detail::LiesInMemory<M>
  Rows(const M& matrix)
      : data_(matrix.data()),
        size_(static_cast<std::size_t>(matrix.rows())),
        columns_(static_cast<std::size_t>(matrix.cols())),
        by_columns_(!M::IsRowMajor),
        row_stride_(static_cast<std::size_t>(matrix.rowStride())),
        column_stride_(static_cast<std::size_t>(matrix.colStride())) {}

  std::size_t size() const { return size_; }
  std::size_t columns() const { return columns_; }

 private:
  friend class Function;
  Rows(const double* data, std::size_t size, std::size_t columns, bool by_columns)
      : data_(data),
        size_(size),
        columns_(columns),
        by_columns_(by_columns),
        row_stride_(by_columns ? 1 : columns),
        column_stride_(by_columns ? size : 1) {}

  const double* data_;
  std::size_t size_, columns_;
  bool by_columns_;  // results are laid out so too
  std::size_t row_stride_, column_stride_;
};

enum class Reduce { kMean, kSum };

// Instructions of the processor. kBest: the widest it has.
enum class Instructions { kBest, kAvx512, kAvx2, kSse2 };

// What a Function is to compute for a batch, and where the results go. An empty span asks for
// nothing.
struct Request {
  std::span<double> values = {};    // outputs of every row; laid out as the rows are
  std::span<double> totals = {};    // of every output: the mean or sum over the rows
  std::span<double> gradient = {};  // d(total of the first output)/d(parameter)
  // d(sum of the first output over the rows)/d(input) for every row; laid out as the rows are.
  std::span<double> input_gradients = {};
  // 1 for rows that would have taken another branch than the one that was recorded, else 0. They
  // are left out of totals and gradient; their values are NaN. If no row is left, a mean is NaN and
  // a sum 0. Empty: such a row is an Error, as it always is in a Function with mean_over_rows().
  std::span<std::uint8_t> diverged = {};
  Reduce reduce = Reduce::kMean;
  std::size_t threads = 1;
  Instructions instructions = Instructions::kBest;
};

// What a derivative is taken by.
enum class By { kInputs, kParameters };

// Copies share what was recorded, which never changes; many threads may run it at once.
class Function {
 public:
  // Records f(parameters, inputs), or f(inputs), at the given point. f takes
  // std::span<const Value>s, or auto, and returns a Value or several in a vector or array.
  //
  // Comparisons of Values are decided by the data of that point, and checked in every row that is
  // run; select(lt(x, y), a, b), max, relu and the like need no guard. Values that f did not
  // get as parameters or inputs are constants.
  // Throws: Error if f returns nothing, or what cannot be recorded; what f throws.
  template <class F> static Function trace(F&& f, Point parameters, Point inputs);
  template <class F> static Function trace(F&& f, Point inputs);
  // With strict derivatives: a row at a kink or a jump diverges, as one that takes another branch,
  // and 0 times infinity is NaN. Not where a select() has taken the other side.
  template <class F>
  static Function trace(F&& f, Point parameters, Point inputs, StrictDerivatives);
  template <class F> static Function trace(F&& f, Point inputs, StrictDerivatives);
  // From Values that are recorded already. Comparisons that were made before are not checked.
  // Throws: Error if two of the parameters and inputs are the same node, or one of them was made
  // without a number, as by Value(); if outputs are empty.
  static Function trace(std::span<const Value> parameters, std::span<const Value> inputs,
                        std::span<const Value> outputs);
  static Function trace(std::span<const Value> parameters, std::span<const Value> inputs,
                        std::span<const Value> outputs, StrictDerivatives);

  std::size_t parameters() const;
  std::size_t inputs() const;
  std::size_t outputs() const;

  // One row: all outputs, and of the first output the derivatives.
  // Cost: of a loop that is found again, that of a batch of its rows; else a few nanoseconds for
  // each operation, which is more than gradient() takes for a callable of any number type.
  std::vector<double> values(Point parameters, Point inputs) const;
  double value(Point parameters, Point inputs) const { return values(parameters, inputs)[0]; }
  struct Gradient {
    double value;
    std::vector<double> parameters, inputs;
  };
  Gradient gradient(Point parameters, Point inputs) const;

  // A batch: all outputs of every row; the mean (or sum) of the first output over the rows and its
  // derivatives by the parameters.
  Matrix values(Point parameters, const Rows& rows, std::size_t threads = 1) const;
  ValueAndGradient value_and_gradient(Point parameters, const Rows& rows,
                                      Reduce reduce = Reduce::kMean, std::size_t threads = 1) const;
  // The same and more, into memory of your own.
  // Throws: Error if a count is not that of the Function, there are no rows, or one has diverged.
  void run(Point parameters, const Rows& rows, const Request& request) const;

  // Functions of the same parameters and inputs, whose outputs are derivatives; to be run for one row or
  // for many, as any other:
  //
  //   const Matrix of_rows = f.jacobian().values(p, rows);
  //
  // Below, n is the number of inputs or parameters that By says. Guards and strictness are those of
  // this function.
  // Throws: Error if the function has means over rows, custom operations or detach(), or what is asked
  //         for has no outputs or too many.

  // Shapes: outputs() times n outputs: d(output j)/d(x_i) at j n + i.
  // Cost:   that of a gradient for each output.
  Function jacobian(By by = By::kInputs) const;
  // Second derivatives of the first output.
  // Shapes: n times n outputs: d2y/dx_i dx_k at i n + k.
  // Cost:   to record it, that of n gradients of a gradient.
  Function hessian(By by = By::kInputs) const;
  // The Hessian of the first output times a vector v. Where By says inputs, each row has its own v:
  // the inputs are x and then v. Else the parameters are p and then v.
  // Shapes: n outputs: sum_k d2y/dx_i dx_k v_k at i.
  // Cost:   that of two gradients.
  Function hessian_vector_product(By by = By::kInputs) const;

  // The program that computes values and gradients, one instruction a line.
  std::string to_string() const;
  // From what was recorded to that program: the trace, after each pass, schedule, program. Traces of
  // more than 200 nodes are not kept: of these the text begins after the last pass.
  std::string stages() const;
  // A header of C++ that needs nothing but <cmath>, with two functions of one row:
  //
  //   double name(const double* p, const double* x);                          // the value
  //   double name(const double* p, const double* x, double* dp, double* dx);  // and its gradient
  //
  // Loops that were found again are loops; all else is a line for each operation, in the order and
  // with the rules of the engine. Another branch than the recorded one gives NaN.
  // Throws: Error if the function has several outputs, means over the rows, or operations that C++ has
  //         no functions for; or for a name that is none.
  std::string to_cpp(const std::string& name) const;
  // The recorded function, simplified, as a drawing in the language of Graphviz.
  std::string to_dot() const;

 private:
  friend class Evaluator;
  class Tracer;
  static Function trace_recorded(std::span<const Value> parameters, std::span<const Value> inputs,
                                 std::span<const Value> outputs, bool is_strict);
  explicit Function(std::shared_ptr<const detail::Recorded> recorded)
      : recorded_(std::move(recorded)) {}
  // One row of a function that is made of loops or a chain. False, and what was written is not valid,
  // where another branch than the recorded one is taken.
  bool run_one_row(Point parameters, const Rows& row, const Request& request) const;
  // `by_columns`: how results lie.
  void run(Point parameters, const Rows& rows, const Request& request, bool by_columns) const;

  std::shared_ptr<const detail::Recorded> recorded_;
};

// The mean of x over the rows of the batch. Outside of a Function the operands are the rows; while
// one is traced there is one row, and when it is run there are many.
// Throws: Error for no operands.
Value mean_over_rows(std::span<const Value> x);

// ---- how ----

// Leaves for parameters and inputs, while a Function is traced.
class Function::Tracer {
 public:
  Tracer(Point parameters, Point inputs, bool is_strict = false);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  std::span<const Value> parameters() const;
  std::span<const Value> inputs() const;
  Function finish(std::span<const Value> outputs);
  // A Value, or several.
  template <class Y> Function finish_any(Y&& y) {
    return detail::with_memory_errors([&] {
      const std::vector<Value> outputs = detail::outputs(std::forward<Y>(y));
      require_no_outer(outputs);
      return finish(outputs);
    });
  }

 private:
  friend class Function;
  struct State;
  Tracer();
  // Throws: Error if an output depends on the inputs of a call around this one.
  void require_no_outer(std::span<const Value> outputs) const;

  std::unique_ptr<State> state_;
};

template <class F> Function Function::trace(F&& f, Point parameters, Point inputs) {
  Tracer tracer(parameters, inputs);
  return tracer.finish_any(f(tracer.parameters(), tracer.inputs()));
}

template <class F>
Function Function::trace(F&& f, Point parameters, Point inputs, StrictDerivatives) {
  Tracer tracer(parameters, inputs, true);
  return tracer.finish_any(f(tracer.parameters(), tracer.inputs()));
}

template <class F> Function Function::trace(F&& f, Point inputs, StrictDerivatives) {
  Tracer tracer(std::span<const double>(), inputs, true);
  return tracer.finish_any(f(tracer.inputs()));
}

template <class F> Function Function::trace(F&& f, Point inputs) {
  Tracer tracer(std::span<const double>(), inputs);
  return tracer.finish_any(f(tracer.inputs()));
}

}  // namespace autograd
