#include "nn/save.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <variant>

#include <autograd/file.hpp>
#include <nn/saving/built_in_activations.hpp>
#include <nn/saving/check_saved.hpp>
#include <nn/saving/json_writer.hpp>
#include <nn/saving/saved_columns.hpp>
#include <nn/saving/saved_members.hpp>
#include <nn/saving/saved_names.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace {

using detail::JsonWriter;

// 64 bits are more than other programs' numbers have.
void write(JsonWriter& writer, const Random::State& state) {
  std::vector<std::string> words;
  for (const std::uint64_t each : state) words.push_back(detail::hexadecimal(each));
  writer.value(words);
}

template <class T> void write(JsonWriter& writer, const T& x) {
  if constexpr (requires { writer.value(x); }) {
    writer.value(x);
  } else {
    writer.object([&] {
      detail::each_member(x, [&](const char* name, const auto& member) {
        writer.key(name);
        write(writer, member);
      });
    });
  }
}

template <class T> void write_member(JsonWriter& writer, const char* name, const T& x) {
  writer.key(name);
  write(writer, x);
}

std::vector<double> data_of(std::span<const Value> values) {
  std::vector<double> result;
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

void write_parameters(JsonWriter& writer, const Layer& layer) {
  writer.key("weights");
  writer.list([&] {
    for (std::size_t k = 0; k < layer.units(); ++k) {
      writer.item();
      write(writer, data_of(layer.neuron(k).parameters().first(layer.inputs())));
    }
  });
  if (layer.bias() != Bias::kOff) {
    std::vector<double> biases;
    for (std::size_t k = 0; k < (layer.bias() == Bias::kShared ? 1 : layer.units()); ++k) {
      biases.push_back(layer.bias(k).data());
    }
    write_member(writer, "biases", biases);
  }
  if (!layer.batch_norm().on) return;
  const std::size_t n = layer.units();
  const auto scales = layer.parameters().last(2 * n);
  write_member(writer, "gammas", data_of(scales.first(n)));
  write_member(writer, "betas", data_of(scales.last(n)));
  write_member(writer, "running_means", layer.statistics().first(n));
  write_member(writer, "running_variances", layer.statistics().last(n));
}

void write_layer(JsonWriter& writer, const Layer& layer) {
  const Activation& activation = layer.activation();
  const auto names = Activation::names();
  if (std::ranges::find(names, activation.name()) != names.end() &&
      !detail::is_built_in(activation)) {
    throw autograd::Error("nn::save: expected an activation with a name of its own, got '" +
                          std::string(activation.name()) +
                          "', the name of another one. Give yours another name.");
  }
  writer.object([&] {
    write_member(writer, "units", layer.units());
    write_member(writer, "activation", activation.name());
    write_member(writer, "bias", detail::name_of(layer.bias()));
    if (layer.batch_norm().on) write_member(writer, "batch_norm", layer.batch_norm());
    if (layer.dropout().is_on()) write_member(writer, "dropout", layer.dropout());
    write_parameters(writer, layer);
  });
}

void write_optimizer(JsonWriter& writer, const Optimizer& optimizer) {
  writer.object([&] {
    writer.key("rule");
    writer.object([&] {
      std::visit([&](const auto& rule) { write_member(writer, rule.name.data(), rule); },
                 optimizer.rule());
    });
    write_member(writer, "clip", optimizer.clip());
    write_member(writer, "state", optimizer.state());
  });
}

std::vector<std::uint64_t> frozen_parameters(const Mlp& net) {
  std::vector<std::uint64_t> result;
  for (std::size_t i = 0; i < net.parameters().size(); ++i) {
    if (net.parameters()[i].is_frozen()) result.push_back(i);
  }
  return result;
}

}  // namespace

std::string to_json(const Model& model) try {
  detail::check_saved("nn::save", model);
  JsonWriter writer;
  writer.object([&] {
    write_member(writer, "format", detail::kFormat);
    write_member(writer, "version", detail::kVersion);
    write_member(writer, "inputs", model.net.inputs());
    writer.key("layers");
    writer.list([&] {
      for (const Layer& each : model.net.layers()) {
        writer.item();
        write_layer(writer, each);
      }
    });
    const std::vector<std::uint64_t> frozen = frozen_parameters(model.net);
    if (!frozen.empty()) write_member(writer, "frozen", frozen);
    if (model.standardiser) write_member(writer, "standardiser", *model.standardiser);
    if (model.target_standardiser)
      write_member(writer, "target_standardiser", *model.target_standardiser);
    if (!model.features.empty()) write_member(writer, "features", model.features);
    if (model.columns) {
      writer.key("columns");
      detail::write(writer, *model.columns);
    }
    if (!model.loss.empty()) write_member(writer, "loss", model.loss);
    if (!model.notes.empty()) write_member(writer, "notes", model.notes);
    if (!model.inputs.empty()) write_member(writer, "input_names", model.inputs);
    if (!model.targets.empty()) write_member(writer, "target_names", model.targets);
    if (!model.classes.empty()) write_member(writer, "class_names", model.classes);
    if (model.optimizer) {
      writer.key("optimizer");
      write_optimizer(writer, *model.optimizer);
    }
    if (model.training) write_member(writer, "training", *model.training);
  });
  return writer.text() + '\n';
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void save(const std::filesystem::path& path, const Model& model) try {
  autograd::file::write(path, to_json(model));
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<double> Model::predict(std::span<const double> row) const try {
  const autograd::NoGradGuard guard;
  std::vector<double> x(row.begin(), row.end());
  if (!features.empty()) {
    const std::vector<std::string_view> names(features.begin(), features.end());
    x = apply_features(playground_features(names), x);
  }
  if (standardiser) x = standardiser->apply(x);
  const std::vector<double> outputs = data_of(net(x));
  return target_standardiser ? target_standardiser->undo(outputs) : outputs;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
