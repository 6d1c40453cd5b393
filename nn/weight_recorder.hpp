// The weights of a network over a training.
#pragma once

#include <cstddef>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/history.hpp>
#include <nn/mlp.hpp>

namespace nn {

// A callback that keeps all parameters, epoch by epoch, from those that the network has now:
//
//   nn::WeightRecorder weights(net);
//   nn::fit(net, data, {.callbacks = {std::ref(weights)}});
//   weights.chart().save("weights.svg");
//
// Cost: 8 bytes for each parameter and epoch.
class WeightRecorder {
 public:
  // The network is to live longer.
  explicit WeightRecorder(const Mlp& net);

  // A Callback; true.
  bool operator()(const Epoch& epoch);

  // By epoch, in the order of Mlp::parameters(); the first are those of the beginning.
  const std::vector<std::vector<double>>& values() const { return values_; }

  // A curve for each parameter; of more than `most` those that have moved most.
  autograd::Chart chart(std::size_t most = 6) const;

 private:
  const Mlp& net_;
  std::vector<std::vector<double>> values_;
};

}  // namespace nn
