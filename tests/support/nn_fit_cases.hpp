// Networks, data and options that the tests of fit() share.
#pragma once

#include <cstddef>
#include <cstdint>

#include <nn/nn.hpp>

namespace fit_cases {

inline nn::Mlp small_network(std::uint64_t seed = 1) {
  return nn::Mlp({2, 5, 1}, nn::Activation::tanh, nn::Activation::tanh, seed);
}

inline nn::Data circle(std::size_t count, std::uint64_t seed = 0) {
  nn::Data data = nn::circle_data(count, 0.1, seed);
  for (nn::Sample& row : data)
    for (double& x : row.inputs) x /= 5;
  return data;
}

// Everything that has a state.
inline nn::FitOptions everything() {
  return {.penalty = [](const nn::Mlp& net) { return nn::l2_penalty(net, 1e-3); },
          .optimizer = {nn::Adam{.rate = 0.02}, {.norm = 1}},
          .on_plateau = nn::OnPlateau{.factor = 0.5, .patience = 2, .threshold = 0.05},
          .epochs = 12,
          .batch_size = 7,
          .validation_fraction = 0.3,
          .early_stopping = nn::EarlyStopping{.patience = 8},
          .seed = 11};
}

inline nn::Mlp network_with_everything() {
  return nn::Mlp(2, {{.units = 6,
                      .activation = nn::Activation::tanh,
                      .batch_norm = {.on = true},
                      .dropout = {.keep = 0.8}},
                     {.units = 1, .activation = nn::Activation::tanh}});
}

}  // namespace fit_cases
