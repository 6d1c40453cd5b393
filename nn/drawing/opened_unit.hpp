// One unit of a network, opened: its products, their sum, the activation.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/mlp.hpp>

namespace nn::detail {

struct OpenedUnit {
  std::string name = {};                 // unit 2 of layer 1
  std::vector<std::string> inputs = {};  // their names
  std::vector<double> values = {}, weights = {};
  bool has_bias = false;
  double bias = 0, net = 0, out = 0;
  std::string activation = {};
  int digits = 2;
};

// How high its drawing is.
double height_of(const OpenedUnit& unit);
// Draws it into the picture, from the height `top` down.
void draw(autograd::Svg& svg, const OpenedUnit& unit, double top);

}  // namespace nn::detail
