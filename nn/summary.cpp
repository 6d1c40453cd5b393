#include "nn/summary.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <string_view>
#include <vector>

#include <autograd/text.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

struct Column {
  char alignment;                  // of text::table()
  std::vector<std::string> cells;  // the first is the heading
};

std::string count(std::size_t n) { return n == 0 ? "" : std::to_string(n); }

bool is_empty(const Column& column) {
  return std::ranges::all_of(column.cells.begin() + 1, column.cells.end(),
                             [](const std::string& cell) { return cell.empty(); });
}

std::string table(const std::vector<Column>& columns) {
  std::vector<text::TableRow> rows(columns[0].cells.size());
  std::string alignment;
  for (const Column& column : columns) {
    alignment += column.alignment;
    for (std::size_t row = 0; row < rows.size(); ++row) rows[row].push_back(column.cells[row]);
  }
  return text::table(rows, alignment);
}

}  // namespace

std::string summary(const Mlp& net) try {
  Column layer{'l', {"layer"}}, activation{'l', {"activation"}}, shape{'l', {"shape"}},
      weights{'r', {"weights"}}, biases{'r', {"biases"}}, norm{'r', {"batch norm"}},
      dropout{'l', {"dropout"}}, parameters{'r', {"parameters"}};
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
    dropout.cells.push_back(drop.is_on() ? "keep " + text::shortest(drop.keep) : "");
    weight_sum += weight_count;
    norm_sum += norm_count;
  }
  add("total", weight_sum, norm_sum, net.parameters().size());
  for (Column* each : {&activation, &shape, &dropout}) each->cells.emplace_back();

  std::vector<Column> columns{layer, activation, shape, weights, biases, norm, dropout, parameters};
  std::erase_if(columns, is_empty);
  return table(columns);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
