// Why did this weight move? One parameter in one step of training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nn/data.hpp>
#include <nn/fit.hpp>
#include <nn/inputs.hpp>
#include <nn/mlp.hpp>
#include <nn/optimizer.hpp>

namespace nn {

struct StepOptions {
  Loss loss = half_squared_error;
  Penalty penalty = {};
  Optimizer optimizer = Adam{.rate = 0.01};  // as it is before the step, with what it remembers
  Inputs masks = {};                         // of dropout, as in Pass; nothing is dropped without
};

// E is the mean loss of the rows plus the penalty, w the parameter.
struct StepExplanation {
  struct Row {
    std::size_t row;            // counted from 0
    double loss;                // L of this row
    double contribution;        // dL/dw / rows
    double delta = 0.0;         // dL/dnet of the parameter's unit,
    std::optional<double> x{};  // and what the weight multiplies: dL/dw = delta x
  };
  // The derivative through one unit that uses the parameter's unit.
  struct Path {
    std::string through;  // "layer 2, unit 0"
    double contribution;
  };
  // A line of the optimizer's rule: name <- formula.
  struct Line {
    std::string name, formula, with_numbers;
    double value;
  };

  std::string parameter;  // "w1[1,0]"
  double before, after;
  double loss, penalty;       // E = loss + penalty
  std::vector<Row> rows;      // in their order
  std::vector<Path> paths;    // empty for parameters of outputs
  double penalty_derivative;  // d(penalty)/dw
  double gradient;            // dE/dw
  double clipped;             // what is left of it
  std::string optimizer;      // "Adam"
  std::uint64_t step;         // 1 is its first
  std::vector<Line> lines;    // empty if the parameter is frozen
  bool is_frozen;

  // Some lines: the rows that pull most (so many) and all others together, the paths, the rule.
  std::string text(std::size_t most_rows = 4) const;
};

// What a step of training on these rows does to one parameter, and why:
//
//   std::cout << nn::explain_step(net, nn::xor_data(), "w1[1,0]").text();
//
// The parameter is named as Mlp::set_labels() does, whether or not it was called. Neither the
// network nor any gradient changes.
// Throws: Error if there is no such parameter, there are no rows, or a length differs.
// Cost:   two passes for each row; with batch normalisation two passes of the whole batch for each.
StepExplanation explain_step(const Mlp& net, const Data& rows, std::string_view parameter,
                             const StepOptions& options = {});

}  // namespace nn
