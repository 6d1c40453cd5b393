// An expression and its derivative along one of its names.
#pragma once

#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include "text_plot.hpp"

namespace cli {

struct Curve {
  std::vector<double> x, value, slope;
};

// At so many places, evenly from low to high. All other names have numbers in `given`.
Curve curve_of(const autograd::Expression& expression, autograd::Variables given,
               const std::string& name, Limits range, std::size_t points);

}  // namespace cli
