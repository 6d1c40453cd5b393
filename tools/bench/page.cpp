#include "page.hpp"

#include <nn/nn.hpp>
#include "large_graph.hpp"
#include "timing.hpp"

namespace bench {

using autograd::Value;

std::vector<PageResult> measure_pages(const Options& options) {
  const auto measured = [&](const std::string& graph, std::size_t most, const auto& page) {
    PageResult result{.graph = graph, .bytes = page().size(), .most_bytes = most};
    result.seconds = median_seconds([&] { (void)page(); }, options.repetitions);
    return result;
  };
  const nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, 1);
  const Value x(0.5, "x");
  const Value y = large_graph(x, 100'000);
  return {measured("XOR 2-4-1", 400'000, [&] { return nn::to_page(net, nn::xor_data()); }),
          measured("100,000 operations", 20'000'000, [&] { return autograd::to_page(y); })};
}

}  // namespace bench
