// Cut: a part of a function on its own.
#pragma once

#include <span>
#include <vector>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// What `outputs` need of a function, with its leaves as inputs. `parameters` stand for nodes, which
// are not looked into.
struct Cut {
  Cut(const Trace& function, std::span<const Trace::Node> outputs,
      std::span<const Trace::Node> parameters);

  Trace trace;
  std::vector<Trace::Node> leaves;  // of the function
};

// sum_k w_k output_k, of parameters w.
Trace weighted(Trace trace);

}  // namespace autograd::detail
