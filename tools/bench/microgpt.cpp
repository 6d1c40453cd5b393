#include "microgpt.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
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
constexpr int kNames = 100;

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

// The loss of names of one length, whose tokens are the inputs.
struct Traced {
  autograd::Function function;
  std::vector<double> rows;  // the tokens of those names

  Traced(const Training& training, std::span<const double> tokens)
      : function(autograd::Function::trace(
            [&](auto weights, auto row) { return training.model.loss(weights, row); },
            training.weights, tokens)) {}
};

struct Case {
  Training training = Training({}, microgpt::read_names(BENCH_MICROGPT_NAMES), 42);
  std::vector<Tokens> names;
  std::map<std::size_t, Traced> by_length;

  Case() {
    for (std::size_t i = 0; i < std::size_t{kNames}; ++i) {
      names.push_back(training.tokens(training.names[i]));
      const std::vector<double> row(names[i].begin(), names[i].end());
      Traced& same = by_length.try_emplace(row.size(), training, row).first->second;
      same.rows.insert(same.rows.end(), row.begin(), row.end());
    }
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

double loss_by_function(Case& all, const Tokens& name) {
  double loss;
  autograd::Request request;
  request.totals = std::span(&loss, 1);
  request.gradient = all.training.gradient;
  const std::vector<double> row(name.begin(), name.end());
  all.by_length.at(row.size()).function.run(all.training.weights, {row, row.size()}, request);
  return loss;
}

// The mean over all names, those of one length as rows of a batch.
double mean_loss_by_rows(Case& all) {
  double sum = 0;
  std::vector<double> gradient(all.training.weights.size());
  std::ranges::fill(all.training.gradient, 0.0);
  for (const auto& [length, traced] : all.by_length) {
    double losses;
    autograd::Request request;
    request.totals = std::span(&losses, 1);
    request.gradient = gradient;
    request.reduce = autograd::Reduce::kSum;
    traced.function.run(all.training.weights, {traced.rows, length}, request);
    sum += losses / kNames;
    for (std::size_t i = 0; i < gradient.size(); ++i)
      all.training.gradient[i] += gradient[i] / kNames;
  }
  return sum;
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
       graph_bytes_of_callable},
      {"replay", loss_by_function, {}}};
  return all;
}

// Over all names, against Values.
double difference(const Way& way, Case& of) {
  double error = 0;
  const bool has_gradient = way.name != "plain";
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
  return sum / kNames;
}

double difference_by_rows(Case& of) {
  std::vector<double> gradient(of.training.weights.size());
  const double loss = mean_of(of, [&](Case& all, const Tokens& name) {
    const double each = all.training.loss_by_values(name);
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] += all.training.gradient[i] / kNames;
    return each;
  });
  const double error = std::abs(mean_loss_by_rows(of) - loss) / std::abs(loss);
  return std::max(error, relative_error(of.training.gradient, gradient));
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
  const double error = difference_by_rows(*of);
  result.results.push_back({"replay, rows", error, error <= kTolerance, 0, 0});
  if (!options.only_check && result.results.back().agrees) {
    jobs.push_back(make_call([of] { return std::vector<double>{mean_loss_by_rows(*of)}; }));
    timed.push_back(jobs.back().get());
  }
  const std::vector<double> seconds = interleaved_medians(timed, options.repetitions);
  auto next = seconds.begin();
  for (MicrogptResult& each : result.results)
    if (each.agrees && !options.only_check) each.seconds = *next++ / kNames;
  return result;
}

}  // namespace bench
