#include "nn/summary.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include <nn/text/numbers.hpp>

namespace nn {

namespace {

enum class Align { kLeft, kRight };

struct Column {
  Align align;
  std::vector<std::string> cells;  // the first is the heading
};

std::string count(std::size_t n) { return n == 0 ? "" : std::to_string(n); }

bool is_empty(const Column& column) {
  return std::ranges::all_of(column.cells.begin() + 1, column.cells.end(),
                             [](const std::string& cell) { return cell.empty(); });
}

std::string table(const std::vector<Column>& columns) {
  std::string result;
  for (std::size_t row = 0; row < columns[0].cells.size(); ++row) {
    std::string line;
    for (const Column& column : columns) {
      std::size_t width = 0;
      for (const std::string& cell : column.cells) width = std::max(width, cell.size());
      const std::string& cell = column.cells[row];
      const std::string gap(width - cell.size(), ' ');
      if (!line.empty()) line += "  ";
      line += column.align == Align::kLeft ? cell + gap : gap + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  return result;
}

}  // namespace

std::string summary(const Mlp& net) {
  Column layer{Align::kLeft, {"layer"}}, activation{Align::kLeft, {"activation"}},
      shape{Align::kLeft, {"shape"}}, weights{Align::kRight, {"weights"}},
      biases{Align::kRight, {"biases"}}, norm{Align::kRight, {"batch norm"}},
      dropout{Align::kLeft, {"dropout"}}, parameters{Align::kRight, {"parameters"}};
  const auto add = [&](const std::string& name, std::size_t weight_count, std::size_t norm_count,
                       std::size_t total) {
    layer.cells.push_back(name);
    weights.cells.push_back(count(weight_count));
    biases.cells.push_back(count(total - weight_count - norm_count));
    norm.cells.push_back(count(norm_count));
    parameters.cells.push_back(count(total));
  };

  std::size_t weight_sum = 0, norm_sum = 0, number = 0;
  for (const Layer& each : net.layers()) {
    const std::size_t weight_count = each.inputs() * each.units();
    const std::size_t norm_count = each.batch_norm().on ? 2 * each.units() : 0;
    add(std::to_string(++number), weight_count, norm_count, each.parameters().size());
    activation.cells.emplace_back(each.activation().name());
    shape.cells.push_back(std::to_string(each.inputs()) + " -> " + std::to_string(each.units()));
    const Dropout& drop = each.dropout();
    dropout.cells.push_back(drop.is_on() ? "keep " + detail::text_of(drop.keep) : "");
    weight_sum += weight_count;
    norm_sum += norm_count;
  }
  add("total", weight_sum, norm_sum, net.parameters().size());
  for (Column* each : {&activation, &shape, &dropout}) each->cells.emplace_back();

  std::vector<Column> columns{layer, activation, shape, weights, biases, norm, dropout, parameters};
  std::erase_if(columns, is_empty);
  return table(columns);
}

}  // namespace nn
