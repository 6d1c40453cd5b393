// Summary: what a network is made of, as a table.
#pragma once

#include <string>

#include <nn/mlp.hpp>

namespace nn {

// A line for each layer and one for the sum.  Columns that would be empty are left out.
//
//   layer  activation  shape    weights  biases  batch norm  dropout   parameters
//   1      tanh        2 -> 16       32      16          32  keep 0.8          80
//   2      identity    16 -> 1       16       1                                17
//   total                            48      17          32                    97
std::string summary(const Mlp& net);

}  // namespace nn
