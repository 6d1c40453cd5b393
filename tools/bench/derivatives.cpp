#include "derivatives.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include <autograd/autograd.hpp>
#include "call.hpp"
#include "check.hpp"
#include "derivative_functions.hpp"
#include "hand_gradients.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using autograd::Value;
using Numbers = std::vector<double>;

struct Task {
  std::string_view name;
  Numbers expected;
  std::unique_ptr<Job> job;
};

template <class Run> Task task(std::string_view name, Numbers expected, Run run) {
  return {name, std::move(expected), make_call(std::move(run))};
}

DerivativesOf measured(DerivativesOf of, std::vector<Task> tasks, const Options& options) {
  std::vector<Job*> timed;
  for (Task& each : tasks) {
    each.job->repeat(1);
    const std::span<const double> given = each.job->gradient();
    Derivative result{.name = each.name, .error = std::numeric_limits<double>::quiet_NaN()};
    if (given.size() == each.expected.size()) result.error = relative_error(given, each.expected);
    result.agrees = result.error <= kTolerance;
    result.peak_bytes = static_cast<double>(each.job->graph_bytes());
    if (result.agrees) timed.push_back(each.job.get());
    of.results.push_back(result);
  }
  if (options.only_check) return of;
  const Numbers seconds = interleaved_medians(timed, options.repetitions);
  auto next = seconds.begin();
  for (Derivative& result : of.results) {
    if (result.agrees) result.seconds = *next++;
  }
  return of;
}

// ---- several outputs ----

DerivativesOf measure_jacobian(std::size_t inputs, std::size_t outputs, const Options& options) {
  const Layers f(inputs, outputs);
  check_hand_jacobian(f);
  const Numbers x = f.start(), jacobian = hand_jacobian(f, x);
  Numbers of_sum(inputs);
  for (std::size_t k = 0; k < jacobian.size(); ++k) of_sum[k % inputs] += jacobian[k];
  const auto sum = [f]<class T>(std::span<const T> in) {
    T s = 0.0;
    for (const T& y : f(in)) s += y;
    return s;
  };
  std::vector<Task> tasks;
  tasks.push_back(task("gradient", of_sum, [=] { return autograd::gradient(sum, x); }));
  tasks.push_back(task("jacobian", jacobian, [=] { return autograd::jacobian(f, x).data; }));
  return measured({"tanh(B tanh(A x))", inputs, outputs, {}}, std::move(tasks), options);
}

// ---- second order ----

DerivativesOf measure_hessian(std::size_t inputs, const Options& options) {
  const Rosenbrock f;
  const Numbers x = uniform(inputs, -1.5, 1.5, 5), v = uniform(inputs, -1, 1, 14);
  check_hand_hessian(f, x);
  const Numbers hessian = hand_hessian(f, x);
  Numbers gradient(inputs), product(inputs);
  hand_gradient(f, x, gradient);
  for (std::size_t k = 0; k < hessian.size(); ++k)
    product[k / inputs] += hessian[k] * v[k % inputs];
  const auto of_values = [f](std::span<const Value> in) { return f(in); };
  std::vector<Task> tasks;
  tasks.push_back(task("gradient", gradient, [=] { return autograd::gradient(f, x); }));
  tasks.push_back(task("hessian", hessian, [=] { return autograd::hessian(f, x).data; }));
  tasks.push_back(task("hessian_vector_product", product,
                       [=] { return autograd::hessian_vector_product(f, x, v); }));
  tasks.push_back(
      task("gradient of Values", gradient, [=] { return autograd::gradient(of_values, x); }));
  tasks.push_back(
      task("hessian of Values", hessian, [=] { return autograd::hessian(of_values, x).data; }));
  tasks.push_back(task("hessian_vector_product of Values", product,
                       [=] { return autograd::hessian_vector_product(of_values, x, v); }));
  return measured({"Rosenbrock", inputs, 1, {}}, std::move(tasks), options);
}

// ---- checkpoint ----

// The recurrence of W4 in parts: `Part` takes p0, p1 and s, and makes some steps.
class InParts {
 public:
  static constexpr std::size_t parts = 2'000;
  static constexpr std::size_t steps = Recurrence::steps / parts;

  explicit InParts(std::span<const double> x) : leaves_(x.begin(), x.end()) {}

  template <class Part> Numbers gradient(const Part& part) {
    for (const Value& leaf : leaves_) leaf.zero_grad();
    run(part).backward();
    Numbers result;
    for (const Value& leaf : leaves_) result.push_back(leaf.grad());
    return result;
  }

  // Of the graph when it is largest: at the end of some part, before its inside is forgotten.
  template <class Part> std::size_t peak_bytes(const Part& part) {
    const std::size_t before = autograd::graph_statistics().bytes;
    std::size_t most = before;
    const auto look = [&] { most = std::max(most, autograd::graph_statistics().bytes); };
    const Value y = run([&](const auto& advance, std::span<const Value> in) {
      return part(
          [&]<class T>(std::span<const T> at) {
            T s = advance(at);
            look();
            return s;
          },
          in);
    });
    look();
    return most - before;
  }

 private:
  template <class Part> Value run(const Part& part) {
    Value s = leaves_[2];
    for (std::size_t i = 0; i < parts; ++i) {
      const std::array<Value, 3> in{leaves_[0], leaves_[1], s};
      s = part([]<class T>(std::span<const T> at) { return Recurrence::advance<T>(at, steps); },
               std::span<const Value>(in));
    }
    return s;
  }

  std::vector<Value> leaves_;
};

template <class Part> class Recurred {
 public:
  Recurred(std::span<const double> x, Part part) : recurrence_(x), part_(part) {}

  Numbers operator()() { return recurrence_.gradient(part_); }
  std::size_t peak_bytes() { return recurrence_.peak_bytes(part_); }

 private:
  InParts recurrence_;
  Part part_;
};

DerivativesOf measure_checkpoint(const Options& options) {
  const Recurrence f;
  check_hand_gradient(Recurrence::name);
  const Numbers x = f.start();
  Numbers expected(x.size());
  hand_gradient(f, x, expected);
  const auto plain = [](const auto& advance, std::span<const Value> in) { return advance(in); };
  const auto generic = [](const auto& advance, std::span<const Value> in) {
    return autograd::checkpoint(advance, in);
  };
  const auto of_values = [](const auto& advance, std::span<const Value> in) {
    return autograd::checkpoint([advance](std::span<const Value> at) { return advance(at); }, in);
  };
  std::vector<Task> tasks;
  tasks.push_back(task("backward()", expected, Recurred(x, plain)));
  tasks.push_back(task("checkpoint", expected, Recurred(x, generic)));
  tasks.push_back(task("checkpoint of Values", expected, Recurred(x, of_values)));
  return measured({"2,000 x 1,000 steps of W4", x.size(), 1, {}}, std::move(tasks), options);
}

}  // namespace

std::vector<DerivativesOf> measure_derivatives(const Options& options) {
  std::vector<DerivativesOf> result;
  constexpr std::size_t shapes[][2] = {{256, 1},  {256, 4}, {256, 16}, {64, 64},
                                       {16, 256}, {4, 256}, {1, 256}};
  for (const auto& [inputs, outputs] : shapes) {
    result.push_back(measure_jacobian(inputs, outputs, options));
  }
  for (const std::size_t inputs : {2u, 4u, 10u, 50u, 200u}) {
    result.push_back(measure_hessian(inputs, options));
  }
  result.push_back(measure_checkpoint(options));
  return result;
}

}  // namespace bench
