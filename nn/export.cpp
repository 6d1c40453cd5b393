#include "nn/export.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <vector>

#include <autograd/autograd.hpp>
#include <autograd/cpp.hpp>
#include <nn/saving/built_in_activations.hpp>
#include <nn/saving/exported.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace ops = autograd::ops;

namespace {

using autograd::cpp::literal;
using detail::counted;

}  // namespace

namespace detail {

// ---- expressions ----

std::optional<std::string> expression(const Activation& activation, const std::string& x) {
  using autograd::cpp::Code;
  const std::string_view name = activation.name();
  if (!is_built_in(activation)) {
    fail("nn::to_cpp", "built-in activations, whose formulas are known",
         excerpt(name) + ", a function of your own");
  }
  if (name == "leaky_relu") return ops::LeakyRelu::value(Code(x), Code(0.01)).text;
  if (name == "elu") return ops::Elu::value(Code(x), Code(1.0)).text;
  std::optional<std::string> result = x;  // the identity
  ops::Elementary::for_each([&]<class Op>() {
    if constexpr (Op::domain.size() == 1) {
      if (Op::info.name != name) return;
      if constexpr (requires { Op::value(Code(x)); }) {
        result = Code(Op::value(Code(x))).text;
      } else {
        result.reset();
      }
    }
  });
  return result;
}

LayerNumbers numbers_of(const Layer& layer) {
  LayerNumbers result;
  result.weights.resize(layer.units());
  for (std::size_t k = 0; k < layer.units(); ++k) {
    for (std::size_t j = 0; j < layer.inputs(); ++j)
      result.weights[k].push_back(layer.weight(k, j).data());
    if (layer.bias() != Bias::kOff) result.biases.push_back(layer.bias(k).data());
    if (!layer.batch_norm().on) continue;
    const double variance = layer.statistics()[layer.units() + k];
    result.means.push_back(layer.statistics()[k]);
    result.factors.push_back(layer.gamma(k).data() /
                             std::sqrt(variance + layer.batch_norm().epsilon));
    result.shifts.push_back(layer.beta(k).data());
  }
  return result;
}

std::string feature_code(std::string_view name) {
  if (name == "x1") return "x[0]";
  if (name == "x2") return "x[1]";
  if (name == "x1^2") return "x[0] * x[0]";
  if (name == "x2^2") return "x[1] * x[1]";
  if (name == "x1 x2") return "x[0] * x[1]";
  if (name == "sin x1") return "std::sin(x[0])";
  if (name == "sin x2") return "std::sin(x[1])";
  fail("nn::to_cpp", "one of playground_features()", excerpt(name));
}

}  // namespace detail

namespace {

// {a, b, ...}, several on a line.
std::string braced(const std::vector<std::string>& items, const std::string& indent) {
  std::string result = "{", line;
  for (const std::string& each : items) {
    if (line.size() + each.size() > 80) {
      result += line + "\n" + indent;
      line.clear();
    }
    line += (line.empty() ? "" : " ") + each + (&each == &items.back() ? "" : ",");
  }
  return result + line + "}";
}

std::string array(const std::string& name, const std::vector<double>& numbers) {
  std::vector<std::string> items;
  items.reserve(numbers.size());
  for (const double each : numbers) items.push_back(literal(each));
  const std::string list = braced(items, "       ");
  const bool is_long = list.find('\n') != std::string::npos;
  return "  static constexpr double " + name + "[" + std::to_string(numbers.size()) +
         "] =" + (is_long ? "\n      " : " ") + list + ";\n";
}

std::string array(const std::string& name, const std::vector<std::vector<double>>& rows) {
  std::string result = "  static constexpr double " + name + "[" + std::to_string(rows.size()) +
                       "][" + std::to_string(rows[0].size()) + "] = {\n";
  for (const std::vector<double>& row : rows) {
    std::vector<std::string> items;
    items.reserve(row.size());
    for (const double each : row) items.push_back(literal(each));
    result += "      " + braced(items, "       ") + (&row == &rows.back() ? "};\n" : ",\n");
  }
  return result;
}

// ---- the parts of the function ----

std::string loop(const std::string& index, std::size_t count) {
  return "for (unsigned " + index + " = 0; " + index + " < " + std::to_string(count) + "; ++" +
         index + ") ";
}

// From `in`, to y0.
std::string standardised(const Standardiser& standardiser, const std::string& in) {
  const std::size_t n = standardiser.mean.size();
  return array("mean", standardiser.mean) + array("deviation", standardiser.deviation) +
         "  std::array<double, " + std::to_string(n) + "> y0{};\n  " + loop("j", n) + "y0[j] = (" +
         in + "[j] - mean[j]) / deviation[j];\n\n";
}

// Back to the units of the targets, in place.
std::string in_units(const Standardiser& standardiser, const std::string& out) {
  return array("target_mean", standardiser.mean) +
         array("target_deviation", standardiser.deviation) + "  " +
         loop("k", standardiser.mean.size()) + out +
         "[k] = target_mean[k] + target_deviation[k] * " + out + "[k];\n";
}

// Number l of the network, counted from 1, from `in` to y<l>.
std::string layer_code(const Layer& layer, const std::string& number, const std::string& in) {
  const std::size_t units = layer.units(), inputs = layer.inputs();
  const bool is_normalised = layer.batch_norm().on;
  const auto [weights, biases, means, factors, shifts] = detail::numbers_of(layer);

  const std::string net = "net";
  const auto rule = detail::expression(layer.activation(), net);
  if (!rule)
    detail::fail("nn::to_cpp", "an activation whose rule can be written down",
                 detail::excerpt(layer.activation().name()));
  std::string out = *rule;
  const Dropout& dropout = layer.dropout();
  out = dropout.is_on() && !dropout.inverted ? out + " * " + literal(dropout.keep)
                                             : autograd::cpp::unbracketed(out);
  std::string result = "  // Layer " + number + ": " + std::to_string(inputs) + " -> " +
                       std::to_string(units) + ", " + std::string(layer.activation().name()) +
                       ".\n" + array("w" + number, weights);
  if (!biases.empty()) result += array("b" + number, biases);
  if (is_normalised) {
    result += array("mean" + number, means) + array("factor" + number, factors) +
              array("shift" + number, shifts);
  }
  result += "  std::array<double, " + std::to_string(units) + "> y" + number + "{};\n  " +
            loop("k", units) +
            "{\n    double net = " + (biases.empty() ? "0" : "b" + number + "[k]") + ";\n    " +
            loop("j", inputs) + "net += w" + number + "[k][j] * " + in + "[j];\n";
  if (is_normalised) {
    result += "    net = factor" + number + "[k] * (net - mean" + number + "[k]) + shift" + number +
              "[k];\n";
  }
  return result + "    y" + number + "[k] = " + out + ";\n  }\n\n";
}

}  // namespace

void detail::check_exported(const char* what, const Model& model, std::string_view name) {
  if (!autograd::cpp::is_function_name(name)) {
    fail(what,
         "the name of a function: a letter, then letters, digits and _, some of the letters "
         "small, and not one that C++ or its headers use",
         excerpt(name));
  }
  const auto check = [&](const std::optional<Standardiser>& standardiser, std::size_t count,
                         const char* noun) {
    if (!standardiser) return;
    if (standardiser->mean.size() != count || standardiser->deviation.size() != count)
      fail(what, "a standardiser of " + counted(count, noun),
           std::to_string(standardiser->mean.size()));
    standardiser->check();
  };
  check(model.standardiser, model.net.inputs(), "input");
  check(model.target_standardiser, model.net.outputs(), "target");
  if (!model.features.empty() && model.features.size() != model.net.inputs())
    fail(what, counted(model.net.inputs(), "feature"), std::to_string(model.features.size()));
}

std::string to_cpp(const Mlp& net, std::string_view name,
                   const std::optional<Standardiser>& standardiser) try {
  return to_cpp(Model{.net = net, .standardiser = standardiser}, name);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::string to_cpp(const Model& model, std::string_view name) try {
  detail::check_exported("nn::to_cpp", model, name);
  const Mlp& net = model.net;
  const std::string outputs = std::to_string(net.outputs());
  const std::string inputs = model.features.empty() ? std::to_string(net.inputs()) : "2";
  std::string result = "// A trained network, " + std::to_string(net.inputs());
  for (const Layer& each : net.layers()) result += " -> " + std::to_string(each.units());
  result +=
      ", as a function. Written by nn::to_cpp().\n#pragma once\n\n#include <array>\n#include "
      "<cmath>\n\ninline std::array<double, " +
      outputs + "> " + std::string(name) + "(const std::array<double, " + inputs + ">& x) {\n";
  std::string in = "x";
  if (!model.features.empty()) {
    std::vector<std::string> features;
    for (const std::string& each : model.features) features.push_back(detail::feature_code(each));
    result += "  const std::array<double, " + std::to_string(features.size()) + "> features" +
              braced(features, "      ") + ";\n\n";
    in = "features";
  }
  if (model.standardiser) {
    result += standardised(*model.standardiser, in);
    in = "y0";
  }
  for (std::size_t l = 0; l < net.layers().size(); ++l) {
    const std::string number = std::to_string(l + 1);
    result += layer_code(net.layer(l), number, in);
    in = "y" + number;
  }
  if (model.target_standardiser) result += in_units(*model.target_standardiser, in);
  return result + "  return " + in + ";\n}\n";
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
