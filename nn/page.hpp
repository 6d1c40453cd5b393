// A network as one HTML page: its chain rule step by step, its weights as sliders.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <autograd/autograd.hpp>
#include <nn/data.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>
#include <nn/optimizer.hpp>

namespace nn {

struct NetworkPageOptions {
  std::string title = {};
  int digits = 4;                  // significant digits of every number, 1 to 17
  Loss loss = half_squared_error;  // of the row that is chosen
  // Of the step of training: its rule, its limits, and what it remembers of the steps before, if it
  // has stepped the parameters of this network that are not frozen.
  Optimizer optimizer = GradientDescent{.rate = 0.1};
  std::size_t most_rows = 200;    // more rows are left out
  std::size_t most_values = 400;  // see autograd::PageOptions
};

// The loss of one row of the data, as a page: see autograd::to_page(). The reader chooses the row,
// moves inputs, targets and weights, steps through the net and back, and takes steps of training by
// the optimizer at that row, number by number. A network of two inputs and one output is drawn over their
// plane too, with the line half way between the targets.
//
// Throws: Error if there are no rows, if they do not have the counts of the network, and if the
//         optimizer has stepped another count of weights.
std::string to_page(const Mlp& net, const Data& rows, const NetworkPageOptions& options = {});

// The same as a file, to be opened in a browser.
// Throws: Error also if it cannot be written; then an older one stays as it was.
void write_page(const Mlp& net, const Data& rows, const std::filesystem::path& path,
                const NetworkPageOptions& options = {});

}  // namespace nn
