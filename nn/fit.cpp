#include "nn/fit.hpp"

#include <new>

#include <nn/trainer.hpp>

namespace nn {

namespace {

FitResult run(Trainer& trainer) {
  while (trainer.run_epoch()) continue;
  trainer.write_back_best();
  return autograd::detail::with_memory_errors([&] {
    return FitResult{trainer.history(), *trainer.stop(), trainer.state()};
  });
}

}  // namespace

FitResult fit(Mlp& net, const Data& data, const FitOptions& options) {
  Trainer trainer(net, data, options);
  return run(trainer);
}

FitResult fit(Mlp& net, const Data& data, const FitOptions& options, const TrainingState& state) {
  Trainer trainer(net, data, options, state);
  return run(trainer);
}

std::vector<std::vector<double>> predict(const Mlp& net, const Data& data) try {
  const autograd::NoGradGuard guard;
  std::vector<std::vector<double>> result;
  for (const Sample& row : data) {
    std::vector<double>& outputs = result.emplace_back();
    for (const Value& each : net(row.inputs)) outputs.push_back(each.data());
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
