// Names of parts of a graph: layer 1, its unit 3, the penalty.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/value.hpp>

namespace autograd {

// While one is alive on a thread, the operations recorded there belong to the part of this name.
// Scopes nest, and end in the opposite order.
//
//   Scope layer("layer", 1);                     // "layer 1"
//   Scope unit("unit", 0);
//   for (std::size_t k = 0; k < units; ++k) {
//     unit.next(k);                              // within it "unit 0", "unit 1", ...
//     out.push_back(tanh(dot(w[k], x)));
//   }
//
// Explanations, find_nonfinite(), find_singular() and Function::stages() say which part a node is of.
// A part that is entered again, by the next row for example, is the same part. Leaves belong to none.
//
// Throws: Error when memory runs out.
// Cost:   that of a few operations for each scope; none for the operations in it.
class Scope {
 public:
  explicit Scope(std::string_view name);
  Scope(std::string_view name, std::size_t number);
  // From now on the part of the same name with this number; for the innermost scope alone.
  // Cost: less than a scope of its own, if the numbers come in the same order each time.
  void next(std::size_t number);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
};

// The parts that x was recorded in, the outermost first: {"layer 1", "unit 3"}.
// Cost: linear in the number of scopes whose operations are in the graph.
std::vector<std::string> parts_of(const Value& x);

}  // namespace autograd
