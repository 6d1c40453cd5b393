#include "nn/saving/saved_network.hpp"

#include <algorithm>

#include <nn/saving/json_values.hpp>
#include <nn/saving/saved_names.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace {

using Member = JsonReader::Member;

void read(JsonReader& reader, Rows& rows) {
  reader.list([&] {
    const std::size_t before = rows.numbers.size();
    reader.list([&] { rows.numbers.push_back(reader.number()); });
    const std::size_t length = rows.numbers.size() - before;
    if (rows.count++ == 0) rows.length = length;
    if (length != rows.length || length == 0) {
      reader.fail(rows.length == 0 ? "a number" : counted(rows.length, "number") + " in each row",
                  std::to_string(length) + " in the row that ends here");
    }
  });
}

// Those of the caller come first.
Activation activation_of(JsonReader& reader, const std::vector<Activation>& own) {
  const std::string name = reader.string();
  for (const Activation& each : own)
    if (each.name() == name) return each;
  const auto names = Activation::names();
  if (std::ranges::find(names, name) == names.end()) {
    reader.fail("the name of a built-in activation or of one in LoadOptions::activations",
                excerpt(name));
  }
  return Activation::named(name);
}

Bias bias_of(JsonReader& reader) {
  const std::string name = reader.string();
  for (const auto& [bias, known] : kBiasNames)
    if (known == name) return bias;
  reader.fail("'off', 'per unit' or 'shared'", excerpt(name));
}

// As many weights, biases and so on as the number of units asks for.
void check_counts(const JsonReader& reader, const SavedLayer& layer) {
  const std::size_t units = layer.spec.units;
  const auto check = [&](const char* name, std::size_t expected, std::size_t given) {
    if (given == expected) return;
    reader.fail(std::to_string(expected) + " " + name + " in a layer of " + counted(units, "unit"),
                std::to_string(given));
  };
  const Bias bias = layer.spec.bias;
  const std::size_t normalised = layer.spec.batch_norm.on ? units : 0;
  check("rows of weights", units, layer.weights.count);
  check("biases", bias == Bias::kOff ? 0 : bias == Bias::kShared ? 1 : units, layer.biases.size());
  check("gammas", normalised, layer.gammas.size());
  check("betas", normalised, layer.betas.size());
  check("running means", normalised, layer.running_means.size());
  check("running variances", normalised, layer.running_variances.size());
}

void check_widths(const std::string& what, const SavedNetwork& saved) {
  if (saved.layers.empty()) fail(what, "at least one layer", "none");
  std::size_t width = saved.inputs;
  for (std::size_t l = 0; l < saved.layers.size(); ++l) {
    const std::size_t given = saved.layers[l].weights.length;
    if (given != width) {
      fail(what + ": layer " + std::to_string(l + 1),
           counted(width, "weight") + " in each row, one for each of its inputs",
           std::to_string(given));
    }
    width = saved.layers[l].spec.units;
  }
}

void fill(Layer& layer, const SavedLayer& from) {
  for (std::size_t k = 0; k < layer.units(); ++k) {
    for (std::size_t j = 0; j < layer.inputs(); ++j)
      layer.weight(k, j).set_data(from.weights.numbers[k * layer.inputs() + j]);
  }
  layer.set_biases(from.biases);
  if (!layer.batch_norm().on) return;
  for (std::size_t k = 0; k < layer.units(); ++k) {
    layer.gamma(k).set_data(from.gammas[k]);
    layer.beta(k).set_data(from.betas[k]);
    layer.statistics()[k] = from.running_means[k];
    layer.statistics()[layer.units() + k] = from.running_variances[k];
  }
}

}  // namespace

SavedLayer read_layer(JsonReader& reader, const std::vector<Activation>& own) {
  SavedLayer layer;
  LayerSpec& spec = layer.spec;
  const auto into = [&](const char* name, auto& x, bool is_required = true) {
    return Member{name, [&reader, &x] { read(reader, x); }, is_required};
  };
  const auto check = [&](const auto& part) {
    try {
      part.check();
    } catch (const autograd::Error& error) {
      reader.fail("a layer that can be made", error.what());
    }
  };
  const std::vector<Member> members{
      into("units", spec.units),
      {"activation", [&] { spec.activation = activation_of(reader, own); }},
      {"bias", [&] { spec.bias = bias_of(reader); }},
      {"batch_norm",
       [&] {
         read(reader, spec.batch_norm);
         spec.batch_norm.on = true;
         check(spec.batch_norm);
       },
       false},
      {"dropout",
       [&] {
         read(reader, spec.dropout);
         check(spec.dropout);
       },
       false},
      into("weights", layer.weights),
      into("biases", layer.biases, false),
      into("gammas", layer.gammas, false),
      into("betas", layer.betas, false),
      into("running_means", layer.running_means, false),
      into("running_variances", layer.running_variances, false)};
  reader.object(members);
  check_counts(reader, layer);
  return layer;
}

Mlp network(const std::string& what, const SavedNetwork& saved) {
  check_widths(what, saved);
  std::vector<LayerSpec> specs;
  for (const SavedLayer& each : saved.layers) specs.push_back(each.spec);
  Mlp net(saved.inputs, specs);
  for (std::size_t l = 0; l < specs.size(); ++l) fill(net.layer(l), saved.layers[l]);
  for (const std::uint64_t index : saved.frozen) {
    check_index(what + ": frozen parameter", index, net.parameters().size());
    net.parameters()[index].freeze();
  }
  return net;
}

}  // namespace nn::detail
