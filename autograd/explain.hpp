// The chain rule of a graph, written out.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <autograd/formula.hpp>
#include <autograd/value.hpp>

namespace autograd {

struct ExplainOptions {
  int digits = 6;         // significant digits of every number, 1 to 17
  bool fractions = true;  // exact fractions beside decimals, where all of it is rational
  // Only what depends on this value: the path from an input.
  std::optional<Value> from = {};
  // Forward mode beside the reverse one, for `from`; both are counted.
  bool forward_mode = false;
  // Only the operations of this part, as in "layer 1, unit 0": see Scope.
  std::string part = {};
  // A graph of more operations is explained by its parts.
  std::size_t most_operations = 200;
  // So many levels of parts are told apart, if it is explained by parts. 0: the operations, however
  // many there are.
  std::size_t depth = 1;
};

// An explanation as plain data, and as text in five formats.
struct Explanation {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  struct Number {
    double value = 0.0;
    std::string fraction = {};  // "-1/4"; "" of an integer and where none is known
  };
  struct Node {
    std::string name;       // its label, or one that was made: v1, x1, f
    std::string operation;  // "" of a leaf
    Formula formula;        // w0*x0
    Formula with_numbers;   // (-2)(3)
    Number value;
    Number gradient;                    // d(result)/d(node)
    Number tangent;                     // d(node)/d(from), if forward mode is asked for
    std::vector<std::size_t> operands;  // places in nodes; kNone of a plain number
    std::vector<std::string> parts;     // that it is in: see Scope
    bool is_constant = false;
  };
  // What one use of an operand adds to its derivative, in the order of the sweep.
  struct Step {
    std::size_t operation, operand;  // places in nodes
    std::size_t use, uses;           // the first of two is 1 of 2
    Number upstream;                 // d(result)/d(operation)
    Formula rule;                    // d(operation)/d(operand)
    Formula with_numbers;
    Number local;         // its value
    Number contribution;  // upstream * local
    Number sum;           // of the contributions until now
    std::string remark;   // a kink, a dead unit, a zero that met an infinity: in words
  };
  // How many multiplications with an addition the sweeps take.
  struct Counts {
    std::size_t inputs = 0;   // leaves with a gradient
    std::size_t reverse = 0;  // one sweep, for all inputs
    std::size_t forward = 0;  // one sweep, for one input
  };
  // A part of the graph, if it is explained by parts.
  struct Block {
    std::string name;  // "layer 1, unit 0"; "inputs" for the leaves, "rest" for what is in no scope
    std::size_t operations = 0;
    std::size_t outputs = 0;     // values that other parts use
    double output_size = 0.0;    // the root of the sum of their squares
    double gradient_size = 0.0;  // the same of d(result)/d(output)
  };
  // The values of one part that another one uses.
  struct Flow {
    std::size_t from = 0, to = 0;  // places in blocks
    std::size_t values = 0, uses = 0;
    double size = 0.0;      // root of the sum of the squares of the values
    double gradient = 0.0;  // the same of what these uses add to the derivatives by the values
  };

  std::string result;  // the name of the value that is explained
  double value = 0.0;
  std::string from = {};    // the name of the input, if there is one
  std::vector<Node> nodes;  // operands before the operations that use them
  std::vector<Step> steps;
  std::optional<Counts> counts;
  std::vector<Block> blocks;  // if there are any, nodes and steps are empty
  std::vector<Flow> flows;
  int digits = 6;

  // Plain lines, for a terminal.
  std::string text() const;
  std::string markdown() const;
  // For a document that uses the packages amsmath and amssymb.
  std::string latex() const;
  // A page of its own.
  std::string html() const;
  std::string json() const;
};

// What y is, step by step, and the derivatives of y by all that it was computed from, in the order
// in which backward() adds them up:
//
//   y1 = w0*x0 = (-2)(3) = -6
//   ...
//   df/dw0 = df/dy1 * dy1/dw0 = (-0.25)(3) = -0.75 = -3/4
//
// The numbers are those of the graph, whether or not backward() has been called; no grad() changes.
// The rules are those that the operations state.
//
// Throws: Error for digits out of range, for forward mode without `from`, for a `from` that y was
//         not computed from, and for a part that is not there.
// Cost:   linear; about two kilobytes for each operation that is written out, nothing for those of
//         a graph that is explained by parts.
Explanation explain(const Value& y, const ExplainOptions& options = {});

}  // namespace autograd
