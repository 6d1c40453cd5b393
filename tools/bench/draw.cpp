#include "draw.hpp"

#include <autograd/autograd.hpp>
#include "large_graph.hpp"
#include "timing.hpp"

namespace bench {

using autograd::Value;

std::vector<DrawResult> measure_draw(const Options& options) {
  std::vector<DrawResult> results;
  for (const std::size_t nodes : {std::size_t{10'000}, std::size_t{100'000}}) {
    const Value x(0.5, "x");
    const Value y = large_graph(x, nodes);
    y.backward();
    DrawResult result{.nodes = nodes};
    result.dot_bytes = autograd::to_dot(y).size();
    result.tape_bytes = autograd::tape_picture(y).to_string().size();
    result.dot_text = median_seconds([&] { (void)autograd::to_dot(y); }, options.repetitions);
    result.tape_picture =
        median_seconds([&] { (void)autograd::tape_picture(y).to_string(); }, options.repetitions);
    result.folded =
        median_seconds([&] { (void)autograd::to_dot(y, {.fold = 1}); }, options.repetitions);
    results.push_back(result);
  }
  return results;
}

}  // namespace bench
