// Evaluator: a Function for one caller, who asks for one row again and again, as an optimiser does.
//
//   Evaluator evaluator(f);                       // allocates, once
//   const double y = evaluator.gradient(p, x, dp, dx);
//
// A call takes no lock, allocates nothing and looks nothing up; that of a function that is made of
// large loops takes memory for their columns. Each thread has an Evaluator of its own; copies are
// independent.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <autograd/function.hpp>

namespace autograd {

class Evaluator {
 public:
  // Throws: Error if the function has means over the rows of a batch.
  explicit Evaluator(Function f);
  Evaluator(const Evaluator& other);
  Evaluator& operator=(const Evaluator& other);
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;
  ~Evaluator();

  const Function& function() const { return f_; }

  // The first output, with the bits of the graph; of a function that is made of loops those of
  // Function::value().
  // Throws: Error for other counts than the function's, and where another branch than the one that was
  //         recorded would be taken.
  double value(Point parameters, Point inputs);
  // All outputs: those of f.jacobian() for example.
  // Throws: Error also for an array of another size.
  void values(Point parameters, Point inputs, std::span<double> outputs);
  // The first output; into the two arrays its derivatives.
  // Throws: Error also for arrays of another size; an empty one asks for nothing.
  // Cost:   two to three nanoseconds for an addition or a multiplication.
  double gradient(Point parameters, Point inputs, std::span<double> by_parameters,
                  std::span<double> by_inputs);

 private:
  struct Program;
  double run(const Program& program, std::vector<double>& numbers, Point parameters, Point inputs);
  double run_one_row(Point parameters, Point inputs, std::span<double> outputs,
                     std::span<double> by_parameters, std::span<double> by_inputs) const;

  Function f_;
  std::shared_ptr<const Program> value_, gradient_;  // null for functions that are made of loops
  std::vector<double> value_numbers_, gradient_numbers_;
};

}  // namespace autograd
