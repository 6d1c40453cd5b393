#include "explain.hpp"

#include <chrono>
#include <functional>

#include <autograd/autograd.hpp>
#include "timing.hpp"

namespace bench {

namespace {

using autograd::Value;

// n operations in ten parts, which use one leaf again and again.
Value large_graph(const Value& x, std::size_t n) {
  Value y = x;
  for (std::size_t i = 0; i < n / 2; ++i) {
    const autograd::Scope part("part", i % 10);
    y = sin(y) + x;
  }
  return y;
}

double median_seconds(const std::function<void()>& f, int repetitions) {
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return median(seconds);
}

}  // namespace

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
