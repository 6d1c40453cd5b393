// The code of the guides, as a reader would type it.

#include <array>
#include <cmath>
#include <iostream>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/documents.hpp>

using namespace autograd;

TEST_CASE("guide: every block of code is in this file, line by line") {
  for (const char* guide : {"values", "functions", "mistakes", "trust"})
    documents::check_code_is_tested("autograd/guide/" + std::string(guide) + ".md",
                                    "tests/autograd/guide_test.cpp");
}

TEST_CASE("guide: classic mistakes") {
  Value total = 0.0;
  const Value w = 2;
  for (int turn = 1; turn <= 100; ++turn) total += square(w * turn);
  total.set_label("total");
  const History longest = longest_histories(1)[0];
  CHECK(longest.label == "total");
  CHECK(longest.operations >= 200);  // 2 for each turn, and more with each
}

TEST_CASE("guide: values") {
  {
    Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");
    Value f = 1 / (w0 * x0 + w1);
    f.backward();
    CHECK(f.data() == -0.5);
    CHECK(w0.grad() == -0.75);  // df/dw0 = -x0 / (w0 x0 + w1)^2
  }
  {
    const std::vector<Value> same(3, 0.1);
    dot(same, std::vector<double>{1, 2, 3}).backward();
    CHECK(same[0].grad() == 6);  // 1 + 2 + 3: three names of one leaf
  }
  {
    const std::vector<Value> w = leaves(3, 0.1);
    dot(w, std::vector<double>{1, 2, 3}).backward();
    CHECK(w[0].grad() == 1);
    CHECK(w[2].grad() == 3);
  }
  {
    Value w = 1, b = 0;
    for (int step = 0; step < 1000; ++step) {
      Value loss = square(w * 2 + b - 7);
      w.zero_grad();
      b.zero_grad();
      loss.backward();
      w.set_data(w.data() - 0.05 * w.grad());
      b.set_data(b.data() - 0.05 * b.grad());
    }
    CHECK(w.data() * 2 + b.data() == doctest::Approx(7));
  }
  {
    const Value x(2.0, "x");
    Value hidden, loss;
    {
      Scope layer("layer", 1);
      hidden = tanh(x);
    }
    loss = square(hidden - 1);
    CHECK(parts_of(hidden)[0] == "layer 1");
    CHECK(parts_of(loss).empty());
  }
  {
    const std::vector<Value> logits = leaves({0.5, 2, -1});
    const Value loss = logsumexp(logits) - pick(logits, 1);
    loss.backward();
    CHECK(logits[1].grad() == doctest::Approx(softmax(logits)[1].data() - 1));
  }
}

namespace {

struct Residual {
  template <class T> bool operator()(const T* const x, T* residual) const {
    residual[0] = T(10.0) * (x[1] - x[0] * x[0]);
    return true;
  }
};

}  // namespace

TEST_CASE("guide: derivatives of functions") {
  {
    const auto f = [](auto x) { return x[0] * sin(x[1]); };
    const auto [value, slopes] = value_and_gradient(f, std::array{2.0, 0.5});
    CHECK(value == 2 * std::sin(0.5));
    CHECK(slopes[1] == 2 * std::cos(0.5));
  }
  {
    const auto residuals = [](auto x) {
      return std::array{10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]};
    };
    const Matrix j = jacobian(residuals, {-1.2, 1.0});
    CHECK(j(0, 0) == 24);  // j(row, column)
  }
  {
    const auto residual = []<class T>(std::span<const T> x) {
      T result;
      Residual()(x.data(), &result);
      return result;
    };
    CHECK(gradient(residual, {-1.2, 1.0})[0] == 24);
  }
  {
    const auto rosenbrock = [](auto at) {
      return 100.0 * square(at[1] - at[0] * at[0]) + square(1.0 - at[0]);
    };
    const Minimum found = minimize(rosenbrock, {-1.2, 1.0});  // by BFGS
    CHECK(found.converged());
    CHECK(found.x()[0] == doctest::Approx(1));
    CHECK(found.path.size() < 50);  // every place on the way, with value and gradient
  }
  {
    const Function loss = Function::trace(
        [](auto p, auto x) { return square(p[0] * x[0] + p[1] - x[1]); }, {0.0, 0.0}, {1.0, 2.0});
    const std::vector<double> data{1.0, 5.1, 2.0, 6.9, 3.0, 9.0};  // three rows
    const auto [mean_loss, gradient] = loss.value_and_gradient({2.0, 3.0}, Rows(data, 2));
    CHECK(mean_loss == doctest::Approx(0.02 / 3));
    Evaluator evaluator(loss);
    std::vector<double> by_parameters(2);
    CHECK(evaluator.gradient({2.0, 3.0}, {1.0, 5.5}, by_parameters, {}) == 0.25);
    CHECK(by_parameters == std::vector<double>{-1.0, -1.0});
  }
  {
    const auto swing = [](auto p, auto x) { return std::array{p[0] * sin(x[0]), x[0] * x[1]}; };
    const Function f = Function::trace(swing, {2.0}, {0.0, 0.0});
    const std::vector<double> places{0.0, 3.0, 0.5, 1.0};  // two rows
    const Matrix jacobians = f.jacobian().values({2.0}, Rows(places, 2));
    CHECK(jacobians(0, 0) == 2);  // row 0: d(output 0)/dx0, d(output 0)/dx1, d(output 1)/dx0, ...
    CHECK(jacobians(1, 3) == 0.5);
    CHECK(f.hessian().values({2.0}, {0.0, 3.0})[0] == 0);  // of the first output
  }
  {
    Value w = 1, b = 0;
    const std::vector<Value> parameters{w, b};
    const GradientReport report = check_gradient([&] { return square(w * 2 + b - 7); }, parameters);
    if (!report.ok()) std::cerr << report.to_string();
    CHECK(report.ok());
  }
}

TEST_CASE("guide: is my derivative right") {
  {
    const auto f = [](auto x) { return square(sqrt(x[0])); };
    CHECK(gradient(f, {0.0})[0] == 0);                 // not 1
    CHECK(std::isnan(gradient(f, {0.0}, strict)[0]));  // strict: 0 times infinity is NaN
    CHECK(find_singular(f, {0.0})[0].operation == "sqrt");
  }
  {
    const auto f = [](auto x) { return abs(x[0]) * abs(x[0]); };
    CHECK(hessian(f, Point{0.0})(0, 0) == 0);  // not 2
    CHECK(std::isnan(hessian(f, {0.0}, strict)(0, 0)));
    CHECK(gradient(f, {0.0}, strict)[0] == 0);  // the first derivative is right
    const HessianReport report = check_hessian(f, {0.0});
    CHECK(report.inputs[0].verdict == Verdict::kDisagrees);
    CHECK(report.singular.find("abs(x[0]) = 0") != std::string::npos);  // the cause, and a cure
  }
  {
    const auto sinc = [](auto x) {
      return select(lt(abs(x[0]), 1e-3), 1 - square(x[0]) / 6, sin(x[0]) / x[0]);
    };
    CHECK(hessian(sinc, {0.0}, strict)(0, 0) == doctest::Approx(-1.0 / 3));
  }
  {
    const Value x = 0, y = square(sqrt(x));
    {
      const StrictGuard guard;
      y.backward();
      CHECK(std::isnan(x.grad()));
    }
  }
  {
    const StepCurve curve = step_curve([](auto x) { return x[0] * sin(x[1]); }, {1.5, 0.3}, 1);
    CHECK(curve.best().error < 1e-9);
    std::cout << curve.to_string();
  }
}
