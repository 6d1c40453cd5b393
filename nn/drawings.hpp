// Pictures of trainings and networks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/data.hpp>
#include <nn/features.hpp>
#include <nn/history.hpp>
#include <nn/mlp.hpp>

namespace nn {

// The loss against the epoch, on a logarithmic scale if it falls tenfold; with that of the validation
// rows, if there are any.
//
//   loss_chart(result.history).save("loss.svg");
autograd::Chart loss_chart(const History& history);
// The same of the share of rows that are right. Empty where none is known.
autograd::Chart accuracy_chart(const History& history);

// What the network answers over the plane of its two inputs, with the line where its output is at
// `level`, half way between the targets if that is not given; and the rows, by the side of it on
// which their target is. The features are applied to the two inputs first.
//
// Throws: Error unless the rows have two inputs and the network one output, or for no rows.
autograd::Chart decision_chart(const Mlp& net, const Data& rows, const Features& features = {},
                               std::optional<double> level = {});
// The output of one unit over the same plane, with the line at 0. Layer 0 is next to the inputs.
//
// Throws: Error as above, or if there is no such unit.
autograd::Chart unit_chart(const Mlp& net, std::size_t layer, std::size_t unit, const Data& rows,
                           const Features& features = {});

// Layer 0 is next to the inputs.
struct UnitPlace {
  std::size_t layer = 0, unit = 0;
};

struct NetworkDrawing {
  std::string title = {};
  // Of the inputs; x0, x1, ... where there are none.
  std::vector<std::string> inputs = {};
  // A row: then each unit shows its output.
  std::optional<std::vector<double>> row = {};
  // A unit that is opened below the network: its products, their sum, the activation.
  std::optional<UnitPlace> opened = {};
  int digits = 2;                 // significant digits of every number, 1 to 17
  std::size_t most_numbers = 40;  // with more weights than these, only their lines are drawn
};

// The network unit by unit: a line for each weight, the wider the larger it is, blue and whole above
// 0, orange and dashed below; below each unit its bias.
//
// Throws: Error if the row has not as many numbers as the network has inputs, if there is no unit to
//         be opened, or no row for it.
// Cost:   linear in the weights; layers of more than 16 units show the first of them.
autograd::Svg draw_network(const Mlp& net, const NetworkDrawing& options = {});

}  // namespace nn
