// Wrong derivatives that students find, and how each comes about.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <autograd/explain/names.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/worksheet.hpp>

namespace autograd::detail {

// The numbers of a graph at one point.
struct GraphNumbers {
  std::vector<double> value, gradient;  // by node
  std::vector<double> partial;          // by operand, as in the view

  // As they were recorded.
  explicit GraphNumbers(const GraphView& view);
  // With other numbers for the leaves: `leaf` by node.
  GraphNumbers(const GraphView& view, const std::vector<double>& leaf);

 private:
  void sweep(const GraphView& view);
};

// An answer that a mistake would give.
struct Candidate {
  Mistake mistake;
  double answer;
  std::string message;
};

// Of the derivative of the result by a node; in the same order at every point.
std::vector<Candidate> candidates(const GraphView& view, const std::vector<std::string>& names,
                                  const GraphNumbers& numbers, std::size_t node, int digits);

}  // namespace autograd::detail
