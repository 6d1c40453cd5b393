// Activations: the built-in ones, by name, and a user's own.

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using autograd::Value;
using nn::Activation;

TEST_CASE("activation: each is the operation of its name") {
  Value x = 0.3;
  CHECK(Activation::tanh(x).op() == "tanh");
  CHECK(Activation::sigmoid(x).op() == "sigmoid");
  CHECK(Activation::relu(x).op() == "relu");
  CHECK(Activation::step(x).op() == "step");
  CHECK(Activation::square(x).op() == "square");
  CHECK(Activation::leaky_relu(x).op() == "leaky_relu");
  CHECK(Activation::elu(x).op() == "elu");
  CHECK(Activation::gelu(x).op() == "gelu");
  CHECK(Activation::silu(x).op() == "silu");
  CHECK(Activation::softplus(x).op() == "softplus");
  CHECK(Activation::tanh(x) == std::tanh(0.3));
}

TEST_CASE("activation: the identity adds no node") {
  Value x = 2;
  const Value y = Activation::identity(x);
  CHECK(y.id() == x.id());
}

TEST_CASE("activation: the leaky ones have the slope 0.01 and the depth 1 below 0") {
  CHECK(Activation::leaky_relu(Value(-2)) == -0.02);
  CHECK(Activation::elu(Value(-2)) == std::expm1(-2.0));
  CHECK(Activation::elu(Value(2)) == 2);
}

TEST_CASE("activation: a name gives the activation, and every name works") {
  CHECK(Activation::named("relu").name() == "relu");
  CHECK(Activation::named("identity")(Value(4)) == 4);
  CHECK(Activation::named("sin")(Value(0.5)) == std::sin(0.5));
  const auto names = Activation::names();
  for (const char* expected :
       {"identity", "tanh", "sigmoid", "relu", "step", "square", "leaky_relu", "elu", "gelu",
        "silu", "softplus", "sin", "abs", "exp"})
    CHECK_MESSAGE(std::count(names.begin(), names.end(), expected) == 1, expected);
  for (const std::string_view each : names) {
    CAPTURE(each);
    CHECK(Activation::named(each).name() == each);
    if (each != "identity") CHECK(Activation::named(each)(Value(0.5)).op() == each);
  }
}

TEST_CASE("activation: an unknown name is refused, and the known ones are listed") {
  try {
    Activation::named("tahn");
    FAIL("no error");
  } catch (const Error& error) {
    const std::string_view text = error.what();
    CHECK(text.find("got 'tahn'") != std::string_view::npos);
    CHECK(text.find("identity, leaky_relu") != std::string_view::npos);
    CHECK(text.find("tanh") != std::string_view::npos);
  }
  CHECK_THROWS_AS(Activation::named("add"), Error);  // two operands
}

TEST_CASE("activation: a user's own function works as the built-in ones do") {
  const double steepness = 3;
  const Activation own("steep", [=](const Value& x) { return sigmoid(steepness * x); });
  CHECK(own.name() == "steep");

  nn::Neuron unit(1, own, nn::Bias::kOff);
  unit.set_weights({0.5});
  Value x = 0.4;
  const auto [net, out] = unit.forward({x});
  out.backward();

  const double s = 1 / (1 + std::exp(-0.6));
  CHECK(out.data() == doctest::Approx(s).epsilon(1e-15));
  CHECK(net.grad() == doctest::Approx(3 * s * (1 - s)).epsilon(1e-14));
  CHECK(x.grad() == doctest::Approx(1.5 * s * (1 - s)).epsilon(1e-14));
}

TEST_CASE("activation: a function without name, or a name without function, is refused") {
  CHECK_THROWS_WITH_AS(Activation("", [](const Value& x) { return x; }),
                       "nn::Activation: expected a name, got an empty one.", Error);
  CHECK_THROWS_WITH_AS(Activation("f", std::function<Value(const Value&)>()),
                       "nn::Activation 'f': expected a function of one Value, got an empty one.",
                       Error);
}

TEST_CASE("activation: what a user's function throws comes through") {
  const Activation own("fails", [](const Value&) -> Value { throw std::domain_error("no"); });
  const nn::Mlp net({1, 2, 1}, own);
  CHECK_THROWS_AS(net({1.0}), std::domain_error);
}
