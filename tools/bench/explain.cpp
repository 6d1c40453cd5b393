#include "explain.hpp"

#include <autograd/autograd.hpp>
#include "large_graph.hpp"
#include "timing.hpp"

namespace bench {

using autograd::Value;

std::vector<ExplainResult> measure_explain(const Options& options) {
  std::vector<ExplainResult> results;
  for (const std::size_t nodes : {std::size_t{10'000}, std::size_t{100'000}}) {
    const Value x(0.5, "x");
    const Value y = large_graph(x, nodes);
    ExplainResult result{.nodes = nodes};
    result.by_parts = median_seconds([&] { (void)autograd::explain(y); }, options.repetitions);
    result.by_steps =
        median_seconds([&] { (void)autograd::explain(y, {.depth = 0}); }, options.repetitions);
    result.formula =
        median_seconds([&] { (void)autograd::gradient_expression(y, x); }, options.repetitions);
    results.push_back(result);
  }
  return results;
}

}  // namespace bench
