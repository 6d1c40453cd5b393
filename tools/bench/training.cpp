#include "training.hpp"

#include <cmath>
#include <memory>

#include <autograd/autograd.hpp>
#include <nn/nn.hpp>
#include "call.hpp"
#include "machine.hpp"
#include "timing.hpp"
#include "workloads.hpp"

namespace bench {
namespace {

struct Case {
  std::vector<std::size_t> sizes;
  std::size_t rows;
};

std::string name_of(const std::vector<std::size_t>& sizes) {
  std::string name;
  for (const std::size_t units : sizes)
    name.append(name.empty() ? "" : "-").append(std::to_string(units));
  return name;
}

// Inputs between -1 and 1; one-hot targets, or one target of 0 or 1.
nn::Data random_data(const Case& of) {
  const std::size_t inputs = of.sizes.front(), outputs = of.sizes.back();
  const std::vector<double> x = uniform(of.rows * inputs, -1, 1, 21);
  nn::Data data(of.rows);
  for (std::size_t i = 0; i < of.rows; ++i) {
    data[i].inputs.assign(x.begin() + static_cast<std::ptrdiff_t>(i * inputs),
                          x.begin() + static_cast<std::ptrdiff_t>((i + 1) * inputs));
    data[i].targets.assign(outputs, 0);
    if (outputs > 1 || i % 2 == 0) data[i].targets[i % outputs] = 1;
  }
  return data;
}

struct Training {
  nn::Mlp net;
  nn::Data data;
  std::unique_ptr<nn::Trainer> trainer;
};

std::shared_ptr<Training> training_of(const Case& of) {
  const auto result = std::make_shared<Training>(
      Training{nn::Mlp(of.sizes, nn::Activation::tanh), random_data(of), nullptr});
  nn::FitOptions options;
  if (of.sizes.back() > 1) {
    options.loss = [](std::span<const autograd::Value> z, auto t) {
      return nn::softmax_cross_entropy(z, t);
    };
  } else {
    options.loss = nn::mean_squared_error;
  }
  options.optimizer = nn::Adam{.rate = 1e-3};
  options.epochs = static_cast<std::size_t>(-1);
  options.accuracy = false;
  result->trainer = std::make_unique<nn::Trainer>(result->net, result->data, options);
  return result;
}

bool all_right(const nn::Mlp& net, const nn::Data& data) {
  const auto outputs = nn::predict(net, data);
  for (std::size_t i = 0; i < data.size(); ++i)
    if (std::abs(outputs[i][0] - data[i].targets[0]) >= 0.5) return false;
  return true;
}

// A new network, recorded and trained until all four rows are right.
double train_xor() {
  const nn::Data data = nn::xor_data();
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::tanh);
  nn::FitOptions options;
  options.optimizer = nn::Adam{.rate = 0.05};
  options.epochs = 10'000;
  options.accuracy = false;
  nn::Trainer trainer(net, data, options);
  std::size_t steps = 0;
  do {
    for (int i = 0; i < 20; ++i) trainer.step();
    steps += 20;
    trainer.write_back();
  } while (!all_right(net, data) && steps < 10'000);
  return static_cast<double>(steps);
}

}  // namespace

std::vector<Step> measure_training(const Options& options) {
  const std::vector<Case> cases{{{2, 16, 16, 1}, 64}, {{64, 64, 32, 10}, 32}, {{784, 128, 10}, 64}};
  std::vector<Step> result;
  std::vector<std::unique_ptr<Job>> jobs;
  std::vector<Job*> timed;
  for (const Case& each : cases) {
    const auto training = training_of(each);
    result.push_back({name_of(each.sizes), each.rows, training->net.parameters().size(), 0});
    jobs.push_back(make_call([training] {
      training->trainer->step();
      return std::vector<double>{training->trainer->loss()};
    }));
    timed.push_back(jobs.back().get());
  }
  result.push_back({"2-4-1, XOR to the end", 4, 17, 0});
  jobs.push_back(make_call([] { return std::vector<double>{train_xor()}; }));
  timed.push_back(jobs.back().get());
  const std::vector<double> seconds = interleaved_medians(timed, options.repetitions);
  for (std::size_t i = 0; i < result.size(); ++i) result[i].seconds = seconds[i];
  return result;
}

LongTraining measure_long_training() {
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::tanh);
  nn::FitOptions options;
  options.epochs = static_cast<std::size_t>(-1);
  options.history_every = options.epochs;
  options.accuracy = false;
  nn::Trainer trainer(net, nn::xor_data(), options);
  const auto train = [&](std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) trainer.step();
    return status_bytes("VmRSS:");
  };
  LongTraining result;
  result.bytes_before = train(1000);
  result.bytes_after = train(1'000'000);
  return result;
}

}  // namespace bench
