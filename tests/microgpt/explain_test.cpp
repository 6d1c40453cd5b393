// One step of microgpt, explained by its blocks.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/microgpt/microgpt_cases.hpp>

using autograd::Explanation;
using autograd::Value;

namespace {

std::size_t block(const Explanation& e, const std::string& name) {
  const auto found = std::ranges::find(e.blocks, name, &Explanation::Block::name);
  REQUIRE_MESSAGE(found != e.blocks.end(), name);
  return static_cast<std::size_t>(found - e.blocks.begin());
}

}  // namespace

TEST_CASE(
    "microgpt: a step explained by embedding, heads, MLP and output, and what flows between") {
  auto training = microgpt_cases::training({}, 42);
  const microgpt::Model model;
  const std::vector<Value> weights = autograd::leaves(training.weights);
  const std::vector<std::size_t> tokens = training.tokens(training.names[0]);
  const Value loss =
      model.loss(std::span<const Value>(weights), std::span<const std::size_t>(tokens));
  const Explanation e = autograd::explain(loss, {.depth = 2});

  std::size_t operations = 0;
  for (const Explanation::Block& each : e.blocks) operations += each.operations;
  std::size_t expected = 0;
  for (const Value& x : autograd::topological_order(loss)) expected += x.is_leaf() ? 0 : 1;
  CHECK(operations == expected);

  const std::size_t embedding = block(e, "embedding"), mlp = block(e, "layer 0, mlp"),
                    output = block(e, "output");
  for (std::size_t head = 0; head < model.heads; ++head) {
    const std::size_t at = block(e, "layer 0, head " + std::to_string(head));
    CHECK(e.blocks[at].operations > 0);
    // The heads' results are the only way out of them.
    CHECK(e.blocks[at].outputs == (tokens.size() - 1) * model.embedding / model.heads);
  }
  const auto flow = [&](std::size_t from, std::size_t to) {
    const auto found = std::ranges::find_if(
        e.flows, [&](const Explanation::Flow& each) { return each.from == from && each.to == to; });
    REQUIRE(found != e.flows.end());
    return *found;
  };
  const std::size_t positions = tokens.size() - 1;
  CHECK(flow(mlp, output).values == positions * model.embedding);
  CHECK(flow(embedding, block(e, "layer 0")).values == positions * model.embedding);

  // The logits: their gradient is that of the loss by them.
  loss.backward();
  double squares = 0;
  for (const Value& x : autograd::topological_order(loss)) {
    const auto parts = autograd::parts_of(x);
    if (parts.size() == 1 && parts[0] == "output") squares += x.grad() * x.grad();
  }
  CHECK(flow(output, block(e, "rest")).gradient == doctest::Approx(std::sqrt(squares)));
}
