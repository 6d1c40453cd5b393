// What the two forms of export have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nn/activation.hpp>
#include <nn/layer.hpp>
#include <nn/save.hpp>

namespace nn::detail {

// The rule of the activation as C++, of the expression x. Nothing if it is made of functions that C++
// does not have.
// Throws: Error if it is a function of the caller's own.
std::optional<std::string> expression(const Activation& activation, const std::string& x);

// One of playground_features() as C++, of the array x.
std::string feature_code(std::string_view name);

// Batch normalisation is factor (net - mean) + shift. Empty where there is none.
struct LayerNumbers {
  std::vector<std::vector<double>> weights;  // by unit
  std::vector<double> biases, means, factors, shifts;
};
LayerNumbers numbers_of(const Layer& layer);

// Throws: Error if the name is none, or parts do not fit the network.
void check_exported(const char* what, const Model& model, std::string_view name);

}  // namespace nn::detail
