#include "nn/page.hpp"

#include <algorithm>
#include <new>

#include <autograd/file.hpp>

namespace nn {

namespace {

std::vector<Value> labelled_leaves(const std::vector<double>& numbers, const std::string& name) {
  std::vector<Value> result;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    result.emplace_back(numbers[i], name + std::to_string(i));
  return result;
}

void check(const Mlp& net, const Data& rows) {
  if (rows.empty()) throw autograd::Error("nn::to_page(): there are no rows to step through");
  for (const Sample& row : rows) {
    if (row.inputs.size() != net.inputs() || row.targets.size() != net.outputs()) {
      throw autograd::Error("nn::to_page(): a row has " + std::to_string(row.inputs.size()) +
                            " inputs and " + std::to_string(row.targets.size()) +
                            " targets, and the network takes " + std::to_string(net.inputs()) +
                            " and gives " + std::to_string(net.outputs()));
    }
  }
}

double middle_target(const Data& rows) {
  double low = rows[0].targets[0], high = low;
  for (const Sample& row : rows) {
    low = std::min(low, row.targets[0]);
    high = std::max(high, row.targets[0]);
  }
  return (low + high) / 2;
}

}  // namespace

std::string to_page(const Mlp& net, const Data& rows, const NetworkPageOptions& options) try {
  check(net, rows);
  Mlp labelled = net.clone();  // so that the labels of the caller's network stay as they are
  labelled.set_labels();
  const std::vector<Value> inputs = labelled_leaves(rows[0].inputs, "x");
  const std::vector<Value> targets = labelled_leaves(rows[0].targets, "t");
  Mlp::Forward pass = labelled.forward(inputs);
  pass.set_labels();
  Value loss = options.loss(pass.out(), targets);
  loss.set_label("loss");
  autograd::PageOptions page{.title = options.title.empty() ? "The network" : options.title,
                             .digits = options.digits,
                             .most_values = options.most_values,
                             .inputs = inputs,
                             .level = middle_target(rows),
                             .rate = options.rate};
  page.inputs.insert(page.inputs.end(), targets.begin(), targets.end());
  for (std::size_t i = 0; i < std::min(rows.size(), options.most_rows); ++i) {
    page.rows.push_back(rows[i].inputs);
    page.rows.back().insert(page.rows.back().end(), rows[i].targets.begin(), rows[i].targets.end());
  }
  if (net.inputs() == 2 && net.outputs() == 1) page.output = pass.out()[0];
  for (const Value& each : labelled.parameters())
    if (!each.is_frozen()) page.weights.push_back(each);
  return autograd::to_page(loss, page);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void write_page(const Mlp& net, const Data& rows, const std::filesystem::path& path,
                const NetworkPageOptions& options) try {
  autograd::file::write(path, to_page(net, rows, options));
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
