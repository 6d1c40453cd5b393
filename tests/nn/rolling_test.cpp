// Training loops that keep results from turn to turn: the graph and the process stay as large as
// they are.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/bounded.hpp>
#include <tests/support/helpers.hpp>

using autograd::NoGradGuard;
using autograd::Value;

namespace {

// A network and its optimizer, with the loss of the last step.
struct Player {
  nn::Mlp net;
  nn::Optimizer optimizer = nn::Adam{.rate = 1e-3};
  Value last;

  explicit Player(std::uint64_t seed)
      : net({2, 2, 1}, nn::Activation::tanh, nn::Activation::tanh, seed) {}

  void step(const nn::Sample& row, double towards) {
    nn::zero_grad(net.parameters());
    const Value loss = nn::half_squared_error(net(row.inputs), std::vector{towards});
    loss.backward();
    optimizer.step(net.parameters());
    last = loss;
  }
};

// A tenth of the turns of loops without networks, which take a tenth of the time.
void check_flat(const std::function<void(int)>& turn) {
  bounded::check_flat(bounded::kSmall, [&](int i) {
    if (i % 10 == 0) turn(i / 10);
  });
}

}  // namespace

TEST_CASE("rolling: two optimizers in turns, each keeping its last loss") {
  helpers::on_a_fresh_graph([] {
    const nn::Data rows = nn::xor_data();
    Player first(1), second(2);
    check_flat([&](int i) {
      const nn::Sample& row = rows[static_cast<std::size_t>(i % 4)];
      first.step(row, row.targets[0]);
      second.step(row, first.net(row.inputs)[0].data());
    });
    CHECK(first.last.data() < 0.5);
    CHECK(second.last.data() < 0.5);
  });
}

TEST_CASE("rolling: outputs of a network, and an average of its losses") {
  helpers::on_a_fresh_graph([] {
    const nn::Data rows = nn::xor_data();
    const nn::Mlp net({2, 2, 1}, nn::Activation::tanh);
    std::vector<Value> outputs;
    Value average = 0;
    check_flat([&](int i) {
      const nn::Sample& row = rows[static_cast<std::size_t>(i % 4)];
      outputs = net(row.inputs);
      const Value loss = nn::half_squared_error(outputs, row.targets);
      const NoGradGuard guard;
      average = 0.99 * average + 0.01 * loss;
    });
    CHECK(average.is_leaf());
    CHECK(outputs.size() == 1);
  });
}
