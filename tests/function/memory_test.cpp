// Memory of Functions: what a thread keeps of it, and what derivatives(), tracing and compiling do
// when it runs out.

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/child_process.hpp>
#include <tests/support/failing_allocations.hpp>
#include <tests/support/helpers.hpp>

namespace {

// sum_k p_k x_k, squared.
autograd::Function squared_sum(std::size_t inputs) {
  return autograd::Function::trace([](auto p, auto x) { return square(dot(p, x)); },
                                   std::vector<double>(inputs, 1), std::vector<double>(inputs, 1));
}

}  // namespace

TEST_CASE("memory: large and small Functions in turns, on one thread and on several") {
  for (const std::size_t threads : {1u, 3u}) {
    for (const std::size_t inputs : {3u, 2000u, 1u, 700u, 2u}) {
      const auto f = squared_sum(inputs);
      const std::size_t rows = 300;
      std::vector<double> p(inputs, 0.5), x(rows * inputs);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i % 7) - 3;
      const auto [mean, gradient] =
          f.value_and_gradient(p, autograd::Rows(x, inputs), autograd::Reduce::kMean, threads);
      double expected = 0;
      std::vector<double> slopes(inputs, 0);
      for (std::size_t r = 0; r < rows; ++r) {
        double sum = 0;
        for (std::size_t k = 0; k < inputs; ++k) sum += p[k] * x[r * inputs + k];
        expected += sum * sum / 300;
        for (std::size_t k = 0; k < inputs; ++k) slopes[k] += 2 * sum * x[r * inputs + k] / 300;
      }
      CHECK(mean == doctest::Approx(expected).epsilon(1e-12));
      for (std::size_t k = 0; k < inputs; ++k)
        CHECK(std::abs(gradient[k] - slopes[k]) <= 1e-9 * (1 + std::abs(slopes[k])));
    }
  }
}

TEST_CASE("memory: tracing takes as much, however many other leaves and operations there are") {
  helpers::on_a_fresh_graph([] {
    using Numbers = std::vector<double>;
    const Numbers ones(30, 1.0);
    std::size_t bytes = 0;  // of the last call
    const auto measured = [&](const auto& f) {
      const std::size_t before = failing_allocations::bytes_asked();
      const Numbers result = f();
      bytes = failing_allocations::bytes_asked() - before;
      return result;
    };
    const auto traced = [&] {
      return squared_sum(ones.size())
          .value_and_gradient(ones, autograd::Rows(ones, ones.size()))
          .gradient;
    };
    // Its rows are swept eight at a time, where the leaves lie together.
    const auto second_derivatives = [&] {
      const auto f = [](std::span<const autograd::Value> x) { return square(dot(x, x)); };
      return autograd::hessian(f, ones).data;
    };
    measured(traced);
    measured(second_derivatives);
    const Numbers gradient = measured(traced);
    const std::size_t bytes_traced = bytes;
    const Numbers hessian = measured(second_derivatives);
    const std::size_t bytes_hessian = bytes;

    std::vector<autograd::Value> others;
    for (int i = 0; i < 200'000; ++i) others.emplace_back(2.0);
    autograd::Value product = 1.0;
    for (std::size_t i = 0; i < others.size(); i += 2) product = product * others[i];
    // Leaves are made in the places of these, far from each other.
    for (std::size_t i = 1; i < others.size(); i += 1000) others[i] = product;
    CHECK(measured(traced) == gradient);
    CHECK(bytes < bytes_traced + 20'000);
    CHECK(measured(second_derivatives) == hessian);
    CHECK(bytes < bytes_hessian + 20'000);
  });
}

#ifdef __linux__

namespace {

using autograd::derivatives;
using autograd::Error;
using autograd::Function;
using autograd::graph_statistics;
using autograd::Rows;
using autograd::Value;
using child_process::kMegabyte;

// Whether it fails with the Error for it, and the graph is as it was.
template <class F> bool runs_out_of_memory(const F& call) {
  const std::size_t operations = graph_statistics().operations;
  try {
    call();
  } catch (const Error& error) {
    return graph_statistics().operations == operations &&
           std::string_view(error.what()).starts_with("out of memory: what was asked");
  }
  return false;
}

// Three operations each step.
template <class X> auto recurrence(const X& x, int steps) {
  auto s = x[0];
  for (int i = 0; i < steps; ++i) s = s + x[1] * sin(s);
  return s;
}

}  // namespace

TEST_CASE("out of memory: derivatives()" * doctest::skip(helpers::kSanitized)) {
  CHECK(child_process::run([] {
          const std::vector<Value> x{0.5, 1e-6};
          const Value y = recurrence(x, 2'000'000);
          (void)y.inputs();  // where its edges begin is found out once and kept
          child_process::limit_memory(8 * kMegabyte);
          if (!runs_out_of_memory([&] { derivatives(y, x); })) return 1;
          const Value z = x[0] * x[1];
          return derivatives(z, x)[0].data() == 1e-6 ? 0 : 2;
        }) == 0);
}

TEST_CASE("out of memory: tracing a Function" * doctest::skip(helpers::kSanitized)) {
  CHECK(child_process::run([] {
          const std::vector<Value> x{0.5, 1e-6};
          const Value y = recurrence(x, 500'000);
          (void)derivatives(y, x);  // the graph has room for them from now on
          child_process::limit_memory(48 * kMegabyte);
          (void)derivatives(y, x);
          return runs_out_of_memory([&] { (void)Function::trace({}, x, {&y, 1}); }) ? 0 : 1;
        }) == 0);
}

TEST_CASE("out of memory: compiling a Function" * doctest::skip(helpers::kSanitized)) {
  CHECK(
      child_process::run([] {
        const auto f = Function::trace([](auto x) { return recurrence(x, 500'000); }, {0.5, 1e-6});
        child_process::limit_memory(8 * kMegabyte);
        const std::vector<double> two_rows{0.5, 1e-6, 0.5, 1e-6};
        return runs_out_of_memory([&] { (void)f.values({}, Rows(two_rows, 2)); }) ? 0 : 1;
      }) == 0);
}

#endif
