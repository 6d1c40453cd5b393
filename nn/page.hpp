// A network as one HTML page: its chain rule step by step, its weights as sliders.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <autograd/autograd.hpp>
#include <nn/data.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>

namespace nn {

struct NetworkPageOptions {
  std::string title = {};
  int digits = 4;                  // significant digits of every number, 1 to 17
  Loss loss = half_squared_error;  // of the row that is chosen
  double rate = 0.1;               // of one step of gradient descent
  std::size_t most_rows = 200;     // more rows are left out
  std::size_t most_values = 400;   // see autograd::PageOptions
};

// The loss of one row of the data, as a page: see autograd::to_page(). The reader chooses the row,
// moves inputs, targets and weights, steps through the net and back, and takes a step of gradient
// descent at that row, number by number. A network of two inputs and one output is drawn over their
// plane too, with the line half way between the targets.
//
// Throws: Error if there are no rows, or they do not have the counts of the network.
std::string to_page(const Mlp& net, const Data& rows, const NetworkPageOptions& options = {});

// The same as a file, to be opened in a browser.
// Throws: Error also if it cannot be written; then an older one stays as it was.
void write_page(const Mlp& net, const Data& rows, const std::filesystem::path& path,
                const NetworkPageOptions& options = {});

}  // namespace nn
