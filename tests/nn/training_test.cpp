// Training: exclusive or is learned, from every seed tried, in bounded memory.

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::graph_statistics;
using autograd::Value;
using nn::Activation;
using nn::Mlp;

namespace {

double train(Mlp& net, const nn::Data& data, int epochs) {
  double loss = 0;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    loss = 0;
    nn::zero_grad(net.parameters());
    for (const auto& [inputs, targets] : data) {
      Value e = nn::half_squared_error(net(inputs), targets);
      e.backward();
      loss += e.data();
    }
    nn::GradientDescent{0.3}.step(net.parameters());
  }
  return loss;
}

}  // namespace

TEST_CASE("data: exclusive or is 1 where the inputs differ") {
  const nn::Data data = nn::xor_data();
  CHECK(data.size() == 4);
  for (const auto& [inputs, targets] : data)
    CHECK(targets == std::vector<double>{inputs[0] != inputs[1] ? 1.0 : 0.0});
}

TEST_CASE("training: a 2-4-1 tanh network learns exclusive or from each of ten seeds") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    Mlp net({2, 4, 1}, Activation::tanh, Activation::tanh, seed);
    train(net, nn::xor_data(), 1000);
    for (const auto& [inputs, targets] : nn::xor_data()) {
      const double out = net(inputs)[0].data();
      CHECK(std::abs(out - targets[0]) < 0.5);
    }
  }
}

TEST_CASE("training: no network without hidden units learns exclusive or") {
  Mlp net({2, 1}, Activation::tanh);
  CHECK(train(net, nn::xor_data(), 500) > 0.49);  // the best such a network can do: 1/2
}

TEST_CASE("training: the same seed gives the same weights after training, to the last bit") {
  Mlp a({2, 4, 1}, Activation::tanh, Activation::tanh, 3),
      b({2, 4, 1}, Activation::tanh, Activation::tanh, 3);
  CHECK(train(a, nn::xor_data(), 50) == train(b, nn::xor_data(), 50));
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    CHECK(a.parameters()[i] == b.parameters()[i]);
}

TEST_CASE("training: memory does not grow with the number of steps") {
  Mlp net({2, 4, 1}, Activation::tanh);
  train(net, nn::xor_data(), 3);
  const autograd::GraphStatistics before = graph_statistics();
  train(net, nn::xor_data(), 300);
  const autograd::GraphStatistics after = graph_statistics();
  CHECK(after.operations == before.operations);
  CHECK(after.leaves == before.leaves);
  CHECK(after.edges == before.edges);
  CHECK(after.bytes_reserved == before.bytes_reserved);
}

TEST_CASE("training: memory does not grow while an older result is kept") {
  Mlp net({2, 4, 1}, Activation::tanh);
  const Mlp::Forward kept = net.forward({1.0, 0.0});
  train(net, nn::xor_data(), 3);
  const autograd::GraphStatistics before = graph_statistics();
  train(net, nn::xor_data(), 300);
  CHECK(graph_statistics().operations == before.operations);
  CHECK(graph_statistics().bytes_reserved == before.bytes_reserved);
}

TEST_CASE("networks: they give back all they held") {
  const autograd::GraphStatistics before = graph_statistics();
  {
    Mlp net({2, 4, 1}, Activation::tanh);
    train(net, nn::xor_data(), 3);
    CHECK(graph_statistics().leaves == before.leaves + 17);
    CHECK_THROWS(net({1.0}));
  }
  CHECK(graph_statistics().leaves == before.leaves);
  CHECK(graph_statistics().operations == before.operations);
}
