// Memory that runs out while something is written down, drawn or explained is an Error, and leaves
// everything usable.

#include <array>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/failing_allocations.hpp>

using autograd::explain;
using autograd::Expression;
using autograd::GradientExpression;
using autograd::Scope;
using autograd::Value;
using autograd::Worksheet;

namespace {

// A neuron and its error, with a value that is used twice and names of parts.
struct Neuron {
  Value w{0.5, "w"}, x{2, "x"}, b{-0.25, "the bias of a neuron, with a name longer than a word"};
  Value h, error;
  Neuron() {
    const Scope layer("layer 1");
    h = tanh(w * x + b);
    h.set_label("h");
    error = square(h - 1) + relu(h) / 3.0;
  }
};

template <class F> void check_fails_well(const F& f) {
  const Value x = 3;
  const auto check_usable = [&] {
    x.zero_grad();
    (x * x).backward();
    CHECK(x.grad() == 6);
  };
  CHECK(failing_allocations::check_every_allocation(f, check_usable) > 0);
}

}  // namespace

TEST_CASE("failing allocations: expressions") {
  SUBCASE("read") {
    check_fails_well(
        [] { return Expression("h = tanh(w*x + 1); [h, 2][0] + exp(-h)").text().size(); });
  }
  SUBCASE("evaluated") {
    const Expression expression("h = tanh(w*x + 1); sum([h, w]) + (h > 0 ? h : w)");
    const autograd::Variables variables{{"w", Value(0.5)}, {"x", Value(2)}};
    check_fails_well([&] { return expression.evaluate(variables).data(); });
  }
  SUBCASE("recorded") {
    const Expression expression("(w*x - 1)^2");
    const std::vector<std::string> w{"w"}, x{"x"};
    check_fails_well([&] { return expression.function(w, x).parameters(); });
  }
}

TEST_CASE("failing allocations: explanations") {
  const Neuron neuron;
  SUBCASE("as data") {
    check_fails_well([&] { return explain(neuron.error).steps.size(); });
  }
  SUBCASE("by parts") {
    check_fails_well([&] { return explain(neuron.error, {.most_operations = 2}).blocks.size(); });
  }
  SUBCASE("as text") {
    const autograd::Explanation explanation = explain(neuron.error);
    check_fails_well([&] {
      return explanation.text().size() + explanation.markdown().size() +
             explanation.latex().size() + explanation.html().size() + explanation.json().size();
    });
  }
  SUBCASE("a derivative as a formula") {
    check_fails_well(
        [&] { return autograd::gradient_expression(neuron.error, neuron.w).to_string().size(); });
  }
  SUBCASE("a worksheet") {
    check_fails_well([&] {
      const Worksheet sheet(neuron.error);
      return sheet.text().size() + sheet.key().size() + sheet.check(1, 7).message.size();
    });
  }
  SUBCASE("a claim") {
    check_fails_well([&] {
      return autograd::check_claim(neuron.error, neuron.w, "x*(1 - h^2)").message.size();
    });
  }
}

TEST_CASE("failing allocations: what is singular") {
  const Value x(0, "x");
  const Value y = sqrt(x) * abs(x);
  SUBCASE("nodes") {
    check_fails_well([&] { return autograd::find_singular(y).size(); });
  }
  SUBCASE("second derivatives") {
    check_fails_well([] {
      return autograd::check_hessian([](auto z) { return abs(z[0]) * z[0]; }, {0.0})
          .to_string()
          .size();
    });
  }
  SUBCASE("errors by step") {
    check_fails_well([] {
      const auto curve = autograd::step_curve([](auto z) { return exp(z[0]); }, {1.0}, 0);
      return curve.to_string().size() + curve.chart().to_svg().size();
    });
  }
}

TEST_CASE("failing allocations: drawings") {
  const Neuron neuron;
  SUBCASE("as text") {
    check_fails_well([&] {
      return autograd::to_dot(neuron.error, {.title = "f", .local_derivatives = true}).size();
    });
  }
  SUBCASE("as a picture: the file is there whole, or not at all") {
    const drawings::FakeDot dot("printf '<svg></svg>'");
    const drawings::Directory directory("memory");
    const auto path = directory.path / "f.svg";
    check_fails_well([&] {
      drawings::fs::remove(path);
      autograd::render(neuron.error, path);
      return path.native().size();
    });
    CHECK(directory.files() == std::vector<std::string>{"f.dot", "f.svg"});
  }
}

TEST_CASE("failing allocations: derivatives of derivatives, and inside of one another") {
  const std::vector<Value> x = autograd::leaves({0.5, 2.0});
  SUBCASE("graphs") {
    check_fails_well([&] {
      const Value y = exp(x[0]) * x[1];
      const std::vector<Value> first = derivatives(y, x);
      return derivatives(first[0] * first[1], x)[0].data();
    });
  }
  SUBCASE("a gradient within a function that is differentiated") {
    check_fails_well([] {
      return autograd::gradient(
          [](auto z) {
            const auto inner = autograd::gradient([](auto u) { return sin(u[0]); }, {2.0});
            return z[0] * inner[0];
          },
          {3.0})[0];
    });
  }
  SUBCASE("of a callable of Values") {
    const auto f = [](std::span<const Value> z) { return z[0] * exp(z[1]); };
    const auto pair = [](std::span<const Value> z) { return std::array{z[0] * z[1], z[0] + z[1]}; };
    check_fails_well([&] {
      return autograd::gradient(f, {3.0, 2.0})[0] + autograd::hessian(f, {3.0, 2.0})(0, 1) +
             autograd::jacobian(pair, {3.0, 2.0})(0, 1);
    });
  }
  SUBCASE("of a callable for any number type") {
    const auto f = [](auto z) { return z[0] * exp(z[1]) + z[2] * z[3] * z[4]; };
    const auto pair = [](auto z) { return std::array{z[0] * z[1], z[0] + z[4]}; };
    const std::vector<double> at{3, 2, 1, 4, 5}, two{1, 2};
    check_fails_well([&] {
      return autograd::gradient(f, at)[0] + autograd::hessian(f, at)(0, 1) +
             autograd::hessian_vector_product(f, at, at)[1] + autograd::jacobian(pair, at)(0, 1) +
             autograd::jvp(pair, at, at).values[0] + autograd::vjp(pair, at, two).values[0];
    });
  }
  SUBCASE("strict") {
    check_fails_well([] {
      return autograd::gradient([](auto z) { return z[0] * z[1]; }, {3.0, 2.0},
                                autograd::strict)[0];
    });
  }
}
