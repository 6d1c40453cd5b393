// The chain rule step by step, a picture for each step: frames for slides.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <autograd/svg.hpp>
#include <autograd/value.hpp>

namespace autograd {

struct StepFramesOptions {
  std::string title = {};
  int digits = 4;        // significant digits of every number, 1 to 17
  bool forward = true;   // a frame for each operation, as it is computed
  bool backward = true;  // a frame for each use of an operand, as backward() adds it up
};

// All frames of y, each as large as the others: the empty graph, the operations one after the other,
// then the steps of the sweep from y back to the leaves. The present operation or edge is marked, its
// line of the chain rule stands below, and under each value is the sum of what has arrived by then.
//
// Throws: Error for digits out of range, or for a graph of more than 200 values.
// Cost:   a frame draws all of the graph: quadratic.
std::vector<Svg> step_frames(const Value& y, const StepFramesOptions& options = {});

// The same as files: "chain.svg" stands for chain_00.svg, chain_01.svg, ... The name may end in .png or
// .pdf too: see Svg::save().
void save_step_frames(const Value& y, const std::filesystem::path& path,
                      const StepFramesOptions& options = {});

}  // namespace autograd
