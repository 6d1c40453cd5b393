// What the lectures describe without numbers: backpropagation in matrices, layers of several kinds
// and weights that start equal, with numbers of our own.

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include <tests/support/lecture_cases.hpp>

using namespace lectures;

namespace {

// A layer of the lectures' matrix form, z = f(W z + b), which knows nothing of Values.
struct MatrixLayer {
  Matrix w;
  Numbers b;
  std::function<double(double a)> f, slope;
};

const auto kSigmoid = [](double a) { return 1 / (1 + std::exp(-a)); };
const auto kSigmoidSlope = [](double a) { return kSigmoid(a) * (1 - kSigmoid(a)); };
const auto kTanh = [](double a) { return std::tanh(a); };
const auto kTanhSlope = [](double a) { return 1 - std::tanh(a) * std::tanh(a); };
const auto kRelu = [](double a) { return a > 0 ? a : 0; };
const auto kReluSlope = [](double a) { return a > 0 ? 1.0 : 0.0; };
const auto kSame = [](double a) { return a; };
const auto kOne = [](double) { return 1.0; };

struct Gradients {
  std::vector<Matrix> w;
  std::vector<Numbers> b;
};

// Of 1/2 |z - y|^2: delta of the outputs is (z - y) f'(a), of the other layers W^T delta f'(a);
// dE/dW = delta z^T and dE/db = delta.
Gradients matrix_gradients(const std::vector<MatrixLayer>& layers, const Numbers& x,
                           const Numbers& y) {
  std::vector<Numbers> a, z{x};
  for (const MatrixLayer& layer : layers) {
    a.push_back(layer.b);
    for (std::size_t k = 0; k < layer.w.size(); ++k)
      for (std::size_t j = 0; j < z.back().size(); ++j) a.back()[k] += layer.w[k][j] * z.back()[j];
    Numbers next;
    for (const double each : a.back()) next.push_back(layer.f(each));
    z.push_back(next);
  }
  Gradients result{std::vector<Matrix>(layers.size()), std::vector<Numbers>(layers.size())};
  Numbers delta;
  for (std::size_t k = 0; k < y.size(); ++k) delta.push_back(z.back()[k] - y[k]);
  for (std::size_t l = layers.size(); l-- > 0;) {
    for (std::size_t k = 0; k < delta.size(); ++k) delta[k] *= layers[l].slope(a[l][k]);
    Numbers before(z[l].size(), 0.0);
    for (const double each : delta) {
      Numbers row;
      for (const double in : z[l]) row.push_back(each * in);
      result.w[l].push_back(row);
    }
    for (std::size_t j = 0; j < before.size(); ++j)
      for (std::size_t k = 0; k < delta.size(); ++k) before[j] += layers[l].w[k][j] * delta[k];
    result.b[l] = delta;
    delta = before;
  }
  return result;
}

// The network and the matrices with the same weights give the same gradients.
void check_against_matrices(nn::Mlp& net, std::vector<MatrixLayer> layers, const Numbers& x,
                            const Numbers& y) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const nn::Layer& layer = net.layer(l);
    for (std::size_t k = 0; k < layer.units(); ++k) {
      layers[l].w.emplace_back();
      for (std::size_t j = 0; j < layer.inputs(); ++j)
        layers[l].w.back().push_back(layer.weight(k, j).data());
      layers[l].b.push_back(layer.bias() == nn::Bias::kOff ? 0.0 : layer.bias(k).data());
    }
  }
  nn::zero_grad(net.parameters());
  nn::half_squared_error(net(x), y).backward();
  const Gradients expected = matrix_gradients(layers, x, y);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const nn::Layer& layer = net.layer(l);
    for (std::size_t k = 0; k < layer.units(); ++k) {
      CAPTURE(l);
      CAPTURE(k);
      for (std::size_t j = 0; j < layer.inputs(); ++j)
        CHECK(is_close(layer.weight(k, j).grad(), expected.w[l][k][j]));
      if (layer.bias() != nn::Bias::kOff) CHECK(is_close(layer.bias(k).grad(), expected.b[l][k]));
    }
  }
}

void draw_weights(nn::Mlp& net, std::uint64_t seed) {
  nn::Random random(seed);
  net.initialise(nn::normal(), random, nn::normal());
}

// XOR, 2-2-1, tanh, identity output: full batches, half squared error summed over the rows.
struct XorTraining {
  nn::Mlp net = nn::Mlp({2, 2, 1}, nn::Activation::tanh);

  double loss() {
    std::vector<Value> outputs;
    Numbers targets;
    for (const nn::Sample& row : nn::xor_data()) {
      outputs.push_back(net(row.inputs)[0]);
      targets.push_back(row.targets[0]);
    }
    nn::zero_grad(net.parameters());
    Value e = nn::half_squared_error(outputs, targets);
    e.backward();
    return e.data();
  }

  void train(int epochs) {
    for (int i = 0; i < epochs; ++i) {
      loss();
      nn::GradientDescent{.rate = 0.1}.step(net.parameters());
    }
  }
};

}  // namespace

TEST_CASE("lectures: 002, backpropagation of three layers in matrices, without biases") {
  nn::Mlp net(3, {{4, nn::Activation::sigmoid, nn::Bias::kOff},
                  {3, nn::Activation::sigmoid, nn::Bias::kOff},
                  {2, nn::Activation::sigmoid, nn::Bias::kOff}});
  draw_weights(net, 5);
  const MatrixLayer sigmoid{{}, {}, kSigmoid, kSigmoidSlope};
  check_against_matrices(net, {sigmoid, sigmoid, sigmoid}, {0.5, -1, 2}, {0.25, 1});
}

TEST_CASE("lectures: 003, regression 2-3-3, hidden tanh, outputs without activation") {
  nn::Mlp net({2, 3, 3}, nn::Activation::tanh);
  draw_weights(net, 6);
  check_against_matrices(net, {{{}, {}, kTanh, kTanhSlope}, {{}, {}, kSame, kOne}}, {0.5, -1},
                         {1, 0, -1});
}

TEST_CASE("lectures: 004, hidden relu and sigmoid outputs, some units off") {
  nn::Mlp net({3, 6, 2}, nn::Activation::relu, nn::Activation::sigmoid);
  draw_weights(net, 7);
  const nn::Mlp::Forward forward = net.forward({1.0, -0.5, 0.25});
  std::size_t off = 0;
  for (const Value& each : forward.layers[0].out) off += each.data() == 0 ? 1 : 0;
  CHECK(off > 0);
  CHECK(off < 6);
  check_against_matrices(net, {{{}, {}, kRelu, kReluSlope}, {{}, {}, kSigmoid, kSigmoidSlope}},
                         {1, -0.5, 0.25}, {0, 1});
}

TEST_CASE("lectures: 000, the network of the squares with sigmoids") {
  nn::Mlp net(2, {{2, nn::Activation::sigmoid, nn::Bias::kOff},
                  {2, nn::Activation::sigmoid, nn::Bias::kOff}});
  net.layer(0).set_weights({{1, 1}, {2, 1}});
  net.layer(1).set_weights({{2, 1}, {1, 0}});
  const MatrixLayer sigmoid{{}, {}, kSigmoid, kSigmoidSlope};
  check_against_matrices(net, {sigmoid, sigmoid}, {1, 1}, {0.29, 0.14});
}

// ---- starting values ----

TEST_CASE("lectures: 002, from zeros only the bias of the output moves, to the best constant") {
  XorTraining training;
  training.net.set_parameter_values(Numbers(9, 0.0));
  CHECK(training.loss() == 1);
  CHECK(training.net.layer(1).bias(0).grad() == -2);
  training.train(1);
  training.loss();
  CHECK(is_close(training.net.layer(1).bias(0).grad(), -1.2));
  training.train(999);
  CHECK(is_close(training.loss(), 0.5));
  const Numbers values = training.net.parameter_values();
  CHECK(is_close(values.back(), 0.5));
  for (std::size_t i = 0; i + 1 < values.size(); ++i) CHECK(values[i] == 0);
}

TEST_CASE("lectures: 002, units that start equal stay equal, to the last bit") {
  XorTraining training;
  training.net.layer(0).set_weights({{0.5, 0.5}, {0.5, 0.5}});
  training.net.layer(1).set_weights({{0.5, 0.5}});
  const auto unit = [&](std::size_t k, auto f) {
    Numbers result;
    for (const Value& each : training.net.layer(0).neuron(k).parameters())
      result.push_back(f(each));
    return result;
  };
  training.loss();
  const Numbers slopes = unit(0, grad);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(std::abs(slopes[i] - std::array{-0.0516, -0.0516, -0.2631}[i]) < 5e-5);
  CHECK(unit(1, grad) == slopes);

  training.train(1000);
  const Numbers weights = unit(0, data);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(std::abs(weights[i] - std::array{1.994, 1.994, 0.501}[i]) < 5e-4);
  CHECK(unit(1, data) == weights);
  CHECK(training.net.layer(1).weight(0, 0).data() == training.net.layer(1).weight(0, 1).data());
  CHECK(std::abs(training.loss() - 0.344) < 5e-4);
}

TEST_CASE("lectures: 002, from weights drawn at random the units become different, and learn") {
  XorTraining training;  // Xavier's, seed 0
  CHECK(std::abs(training.loss() - 0.933) < 5e-4);
  training.train(10);
  CHECK(std::abs(training.loss() - 0.416) < 5e-4);
  training.train(990);
  CHECK(training.loss() < 1e-27);
}
