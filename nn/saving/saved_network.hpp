// Networks as they come from files, before it is known that their parts fit together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nn/activation.hpp>
#include <nn/layer.hpp>
#include <nn/mlp.hpp>
#include <nn/saving/json_reader.hpp>

namespace nn::detail {

// Rows of numbers, all of one length, one behind the other.
struct Rows {
  std::vector<double> numbers;
  std::size_t count = 0, length = 0;
};

struct SavedLayer {
  LayerSpec spec{0};
  Rows weights;
  std::vector<double> biases, gammas, betas, running_means, running_variances;
};

struct SavedNetwork {
  std::size_t inputs = 0;
  std::vector<SavedLayer> layers;
  std::vector<std::uint64_t> frozen;
};

// own: activations that are not built in.
// Throws: Error if there are not as many weights, biases and so on as units.
SavedLayer read_layer(JsonReader& reader, const std::vector<Activation>& own);

// Throws: Error, which begins with `what`, if the layers do not fit one another.
Mlp network(const std::string& what, const SavedNetwork& saved);

}  // namespace nn::detail
