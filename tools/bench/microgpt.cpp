#include "microgpt.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>

#include <autograd/autograd.hpp>
#include <examples/microgpt/training.hpp>
#include "call.hpp"
#include "check.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using autograd::Value;
using microgpt::Model;
using microgpt::Training;
using Tokens = std::vector<std::size_t>;

// So many names as they come, short and long ones.
constexpr std::size_t kNames = 100;

// The operations + - * / and functions in the loss of a name. What finds a maximum is not counted.
double operations(const Model& model, const Tokens& name) {
  const auto linear = [](std::size_t rows, std::size_t columns) {
    return rows * (2 * columns - 1);
  };
  const std::size_t e = model.embedding, v = model.vocabulary, d = e / model.heads;
  const std::size_t norm = 3 * e + 3;
  const std::size_t predictions = std::min(model.context, name.size() - 1);
  std::size_t sum = 0;
  for (std::size_t seen = 1; seen <= predictions; ++seen) {
    const std::size_t scores = seen * 2 * d, softmax = 4 * seen - 1, mean = d * (2 * seen - 1);
    const std::size_t attention = model.heads * (scores + softmax + mean);
    const std::size_t layer = 2 * norm + 4 * linear(e, e) + attention + linear(4 * e, e) + 4 * e +
                              linear(e, 4 * e) + 2 * e;
    sum += e + norm + model.layers * layer + linear(v, e) + 3 * v + 2;
  }
  return static_cast<double>(sum);
}

struct Case {
  Training training = Training({}, microgpt::read_names(BENCH_MICROGPT_NAMES), 42);
  std::vector<Tokens> names;

  Case() {
    for (std::size_t i = 0; i < kNames; ++i) names.push_back(training.tokens(training.names[i]));
  }
};

double plain_loss(Case& all, const Tokens& name) {
  return all.training.model.loss(std::span<const double>(all.training.weights), name);
}

double graph_bytes_of_values(Case& all, const Tokens& name) {
  const std::size_t before = autograd::graph_statistics().bytes;
  const Value loss = all.training.model.loss(std::span<const Value>(all.training.leaves), name);
  return static_cast<double>(autograd::graph_statistics().bytes - before);
}

double graph_bytes_of_callable(Case& all, const Tokens& name) {
  std::size_t bytes = 0;
  const auto counting = [&](auto weights) {
    const std::size_t before = autograd::graph_statistics().bytes;
    auto loss = all.training.model.loss(weights, name);
    bytes = autograd::graph_statistics().bytes - before;
    return loss;
  };
  autograd::value_and_gradient(counting, all.training.weights, all.training.gradient);
  return static_cast<double>(bytes);
}

struct Way {
  std::string_view name;
  std::function<double(Case&, const Tokens&)> loss;         // leaves the gradient in the training
  std::function<double(Case&, const Tokens&)> graph_bytes;  // may be empty
};

const std::vector<Way>& ways() {
  static const std::vector<Way> all{
      {"plain", plain_loss, {}},
      {"values", [](Case& of, const Tokens& name) { return of.training.loss_by_values(name); },
       graph_bytes_of_values},
      {"functional",
       [](Case& of, const Tokens& name) { return of.training.loss_by_callable(name); },
       graph_bytes_of_callable}};
  return all;
}

// Over all names, against Values.
double difference(const Way& way, Case& of) {
  double error = 0;
  const bool has_gradient = static_cast<bool>(way.graph_bytes);
  for (const Tokens& name : of.names) {
    const double expected = of.training.loss_by_values(name);
    const std::vector<double> gradient = of.training.gradient;
    const double loss = way.loss(of, name);
    error = std::max(error, std::abs(loss - expected) / std::abs(expected));
    if (has_gradient) error = std::max(error, relative_error(of.training.gradient, gradient));
  }
  return error;
}

// A mean over the names.
double mean_of(Case& of, const std::function<double(Case&, const Tokens&)>& number) {
  double sum = 0;
  for (const Tokens& name : of.names) sum += number(of, name);
  return sum / static_cast<double>(kNames);
}

}  // namespace

Microgpt measure_microgpt(const Options& options) {
  const auto of = std::make_shared<Case>();
  if (!(std::abs(plain_loss(*of, of->names[0]) - 3.3659669475848504) < 1e-12))
    throw std::runtime_error("microgpt: the first loss is not the published one");

  Microgpt result{kNames, of->training.weights.size(), 0, {}};
  result.operations = mean_of(
      *of, [](Case& all, const Tokens& name) { return operations(all.training.model, name); });
  std::vector<std::unique_ptr<Job>> jobs;
  std::vector<Job*> timed;
  for (const Way& way : ways()) {
    const double error = difference(way, *of);
    result.results.push_back({way.name, error, error <= kTolerance, 0, 0});
    if (way.graph_bytes)
      result.results.back().graph_bytes = mean_of(*of, way.graph_bytes) / result.operations;
    if (options.only_check || !result.results.back().agrees) continue;
    jobs.push_back(make_call([of, &way] { return std::vector<double>{mean_of(*of, way.loss)}; }));
    timed.push_back(jobs.back().get());
  }
  const std::vector<double> seconds = interleaved_medians(timed, options.repetitions);
  auto next = seconds.begin();
  for (MicrogptResult& each : result.results)
    if (each.agrees && !options.only_check) each.seconds = *next++ / static_cast<double>(kNames);
  return result;
}

}  // namespace bench
