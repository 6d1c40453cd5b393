#include "nn/mlp.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include <nn/text/errors.hpp>

namespace nn {

namespace {

std::size_t inputs_of(const std::vector<std::size_t>& sizes) {
  if (sizes.size() < 2) {
    detail::fail("nn::Mlp", "the number of inputs and of units in at least one layer",
                 detail::counted(sizes.size(), "number"));
  }
  return sizes.front();
}

std::vector<LayerSpec> specs(const std::vector<std::size_t>& sizes, const Activation& hidden,
                             const Activation& output) {
  std::vector<LayerSpec> result;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    result.push_back({sizes[i], i + 1 < sizes.size() ? hidden : output});
  }
  return result;
}

}  // namespace

Mlp::Mlp(const std::vector<std::size_t>& sizes, const Activation& hidden, const Activation& output,
         std::uint64_t seed) try
    : Mlp(inputs_of(sizes), specs(sizes, hidden, output), seed) {
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Mlp::Mlp(std::size_t inputs, const std::vector<LayerSpec>& layers, std::uint64_t seed) try {
  if (layers.empty()) detail::fail("nn::Mlp", "at least one layer", "none");
  std::size_t from = inputs;
  for (const LayerSpec& spec : layers) {
    Layer::check(from, spec);
    parameter_count_ += Layer::parameter_count(from, spec);
    statistics_size_ += Layer::statistics_size(spec);
    from = spec.units;
  }
  parameters_ = detail::new_parameters(parameter_count_);
  statistics_ = detail::new_statistics(statistics_size_);
  from = inputs;
  Value* parameters = parameters_.get();
  double* statistics = statistics_.get();
  layers_.reserve(layers.size());
  for (const LayerSpec& spec : layers) {
    layers_.push_back(Layer({parameters_, parameters}, {statistics_, statistics}, from, spec));
    parameters += Layer::parameter_count(from, spec);
    statistics += Layer::statistics_size(spec);
    from = spec.units;
  }
  Random random(seed);
  initialise(xavier_uniform(), random);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Mlp Mlp::clone() const try {
  std::vector<LayerSpec> specs;
  for (const Layer& each : layers_) specs.push_back(each.spec());
  Mlp result(inputs(), specs);
  result.set_parameter_values(parameter_values());
  for (std::size_t i = 0; i < parameter_count_; ++i) {
    const Value& from = parameters()[i];
    Value& to = result.parameters()[i];
    if (!from.label().empty()) to.set_label(std::string(from.label()));
    if (from.is_frozen()) to.freeze();
  }
  std::ranges::copy(statistics(), result.statistics().begin());
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Mlp::Forward Mlp::forward(Inputs x) const try {
  Forward result;
  result.layers.reserve(layers_.size());
  for (const Layer& each : layers_) {
    const autograd::Scope scope("layer", result.layers.size() + 1);
    result.layers.push_back(each.forward(result.layers.empty() ? x : Inputs(result.out())));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<Value> Mlp::operator()(Inputs x) const try {
  std::vector<Value> out;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const autograd::Scope scope("layer", i + 1);
    out = layers_[i](i == 0 ? x : Inputs(out));
  }
  return out;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Mlp::Batch Mlp::forward(const InputRows& rows, const Pass& pass) const try {
  detail::check_batch(rows, pass, inputs(), mask_size());
  Batch result;
  result.layers.reserve(layers_.size());
  Layer::Masks masks{pass.masks, mask_size(), 0};
  for (const Layer& each : layers_) {
    const autograd::Scope scope("layer", result.layers.size() + 1);
    result.layers.push_back(
        each.forward(result.layers.empty() ? rows : InputRows(result.out()), pass.mode, masks));
    masks.first += each.mask_size();
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::size_t Mlp::mask_size() const {
  std::size_t result = 0;
  for (const Layer& each : layers_) result += each.mask_size();
  return result;
}

std::vector<double> Mlp::draw_masks(std::size_t rows, Random& random) const try {
  std::vector<double> result;
  detail::check_count("nn::Mlp::draw_masks", rows, "row");
  result.reserve(rows * mask_size());
  for (std::size_t r = 0; r < rows; ++r)
    for (const Layer& each : layers_)
      for (std::size_t k = 0; k < each.mask_size(); ++k)
        result.push_back(each.dropout().draw_mask(random));
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<Value> Mlp::weights() const try {
  std::vector<Value> result;
  for (const Layer& layer : layers_)
    for (std::size_t k = 0; k < layer.units(); ++k)
      for (std::size_t j = 0; j < layer.inputs(); ++j) result.push_back(layer.weight(k, j));
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<double> Mlp::parameter_values() const try {
  std::vector<double> result;
  result.reserve(parameter_count_);
  for (const Value& each : parameters()) result.push_back(each.data());
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Mlp::set_parameter_values(std::span<const double> values) {
  if (values.size() != parameter_count_) {
    detail::fail("nn::Mlp::set_parameter_values", detail::counted(parameter_count_, "value"),
                 std::to_string(values.size()));
  }
  for (std::size_t i = 0; i < parameter_count_; ++i) parameters()[i].set_data(values[i]);
}

std::vector<Value> Mlp::Batch::statistics() const try {
  std::vector<Value> result;
  for (const Layer::Batch& each : layers) {
    result.insert(result.end(), each.means.begin(), each.means.end());
    result.insert(result.end(), each.variances.begin(), each.variances.end());
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Mlp::update_statistics(const Batch& batch) try {
  std::vector<double> numbers;
  for (const Value& each : batch.statistics()) numbers.push_back(each.data());
  update_statistics(numbers, batch.layers.empty() ? 0 : batch.out().size());
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Mlp::update_statistics(std::span<const double> batch, std::size_t rows) {
  if (batch.size() != statistics_size_) {
    detail::fail("nn::Mlp::update_statistics",
                 detail::counted(statistics_size_, "number") + " of a pass in training",
                 std::to_string(batch.size()));
  }
  if (rows == 0) detail::fail("nn::Mlp::update_statistics", "at least one row", "none");
  const auto n = static_cast<double>(rows);
  std::size_t i = 0;
  for (Layer& layer : layers_) {
    const BatchNorm& norm = layer.batch_norm();
    const std::span<double> running = layer.statistics();
    for (std::size_t k = 0; k < running.size(); ++k, ++i) {
      const bool is_mean = k < layer.units();
      if (is_mean) {
        running[k] = norm.updated(running[k], batch[i]);
      } else if (rows > 1) {
        running[k] = norm.updated(running[k], batch[i] * n / (n - 1));
      }
    }
  }
}

void Mlp::check_layer(std::size_t index) const {
  detail::check_index("nn: layer of a network", index, layers_.size());
}

void Mlp::initialise(const Initialiser& weights, Random& random, const Initialiser& biases) {
  for (Layer& each : layers_) each.initialise(weights, random, biases);
}

void Mlp::Forward::set_labels() try {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string layer = std::to_string(i + 1);
    for (std::size_t k = 0; k < layers[i].out.size(); ++k) {
      const std::string unit = layer + '[' + std::to_string(k) + ']';
      layers[i].net[k].set_label("net" + unit);
      layers[i].out[k].set_label("out" + unit);
    }
  }
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Mlp::set_labels() try {
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].set_labels(std::to_string(i + 1));
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
