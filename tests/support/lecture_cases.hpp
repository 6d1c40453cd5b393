// The worked examples of five lectures: numbers to compare with, read from lectures/lecture-cases.json.
#pragma once

#include <cmath>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <nn/nn.hpp>
#include <tests/support/paths.hpp>

namespace lectures {

using autograd::Value;
using Json = nlohmann::json;
using Numbers = std::vector<double>;
using Matrix = std::vector<Numbers>;

inline const Json& find_case(const std::string& id) {
  static const Json file = [] {
    std::ifstream in(paths::source("tests/lectures/lecture-cases.json"));
    return Json::parse(in);
  }();
  for (const Json& each : file.at("cases"))
    if (each.at("id") == id) return each;
  throw std::runtime_error("no case " + id);
}

inline bool is_close(double got, double expected) {
  return std::abs(got - expected) <= 1e-12 * std::abs(expected) + 1e-15;
}

// Every number in `expected` is in `got` under the same name and index. Remarks are passed over.
inline void check_all(const Json& got, const Json& expected, const std::string& where) {
  CAPTURE(where);
  if (expected.is_object()) {
    for (const auto& each : expected.items()) {
      if (each.value().is_string()) continue;
      REQUIRE_MESSAGE(got.contains(each.key()), "not computed: ", each.key());
      check_all(got.at(each.key()), each.value(), where + "." + each.key());
    }
  } else if (expected.is_array()) {
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      check_all(got[i], expected[i], where + "[" + std::to_string(i) + "]");
  } else if (expected.is_number()) {
    REQUIRE(got.is_number());
    const double number = got.get<double>(), right = expected.get<double>();
    CHECK_MESSAGE(is_close(number, right), "got ", number, ", expected ", right);
  } else {
    CHECK(got == expected);
  }
}

// Numbers printed on slides: those said to be right agree to the last printed digit, the others do
// not.
inline void check_printed(const Json& example, const std::map<std::string, double>& got) {
  for (const Json& each : example.at("printed")) {
    const auto name = each.at("name").get<std::string>();
    const auto text = each.at("printed").get<std::string>();
    CAPTURE(name);
    CAPTURE(text);
    REQUIRE(got.contains(name));
    const double number = got.at(name);
    CHECK(is_close(number, each.at("exact").get<double>()));
    const auto point = text.find('.');
    const double digits =
        point == std::string::npos ? 0.0 : static_cast<double>(text.size() - point - 1);
    const double half_unit = 0.5 * std::pow(10.0, -digits);
    const bool agrees = std::abs(number - std::stod(text)) <= half_unit * (1 + 1e-9);
    CHECK(agrees == each.at("agrees").get<bool>());
  }
}

// ---- networks ----

inline nn::Mlp network(const Json& layers, nn::Bias bias = nn::Bias::kPerUnit) {
  std::vector<nn::LayerSpec> specs;
  for (const Json& layer : layers) {
    specs.push_back({layer.at("W").size(),
                     nn::Activation::named(layer.at("activation").get<std::string>()),
                     layer.at("b").is_null() ? nn::Bias::kOff : bias});
  }
  nn::Mlp net(layers[0].at("W")[0].size(), specs);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    net.layer(l).set_weights(layers[l].at("W").get<Matrix>());
    if (layers[l].at("b").is_null()) continue;
    auto b = layers[l].at("b").get<Numbers>();
    if (bias == nn::Bias::kShared) b.resize(1);
    net.layer(l).set_biases(b);
  }
  return net;
}

inline Value loss(const std::string& name, const std::vector<Value>& out, const Numbers& target) {
  if (name == "half_sse") return nn::half_squared_error(out, target);
  if (name.starts_with("sse")) return nn::squared_error(out, target);
  if (name != "bce_sum") throw std::runtime_error("no loss " + name);
  Value sum = 0.0;
  for (std::size_t k = 0; k < out.size(); ++k)
    sum -= target[k] * log(out[k]) + (1 - target[k]) * log(1 - out[k]);
  return sum;
}

inline Json data_of(const std::vector<Value>& values) {
  Json result = Json::array();
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

inline Json grad_of(const std::vector<Value>& values) {
  Json result = Json::array();
  for (const Value& each : values) result.push_back(each.grad());
  return result;
}

// Reads f(w) of every weight: result[layer][unit][input].
template <class F> Json each_weight(nn::Mlp& net, F f) {
  Json result = Json::array();
  for (nn::Layer& layer : net.layers()) {
    Json rows = Json::array();
    for (std::size_t k = 0; k < layer.units(); ++k) {
      Json row = Json::array();
      for (std::size_t j = 0; j < layer.inputs(); ++j) row.push_back(f(layer.weight(k, j)));
      rows.push_back(row);
    }
    result.push_back(rows);
  }
  return result;
}

// result[layer][unit], null for a layer without biases.
template <class F> Json each_bias(nn::Mlp& net, F f) {
  Json result = Json::array();
  for (nn::Layer& layer : net.layers()) {
    Json row;
    for (std::size_t k = 0; layer.bias() != nn::Bias::kOff && k < layer.units(); ++k)
      row.push_back(f(layer.bias(k)));
    result.push_back(row);
  }
  return result;
}

inline double data(const Value& x) { return x.data(); }
inline double grad(const Value& x) { return x.grad(); }

// One forward and one backward pass, under the names of the file.
inline Json run(nn::Mlp& net, const Json& x, const Json& target, const std::string& loss_name) {
  nn::zero_grad(net.parameters());
  const auto numbers = x.get<Numbers>();
  const std::vector<Value> inputs(numbers.begin(), numbers.end());
  const nn::Mlp::Forward forward = net.forward(inputs);
  const Value e = loss(loss_name, forward.out(), target.get<Numbers>());
  e.backward();

  Json result;
  for (const auto& [net_values, out] : forward.layers) {
    result["net"].push_back(data_of(net_values));
    result["out"].push_back(data_of(out));
    result["dE_dout"].push_back(grad_of(out));
    result["delta"].push_back(grad_of(net_values));
  }
  result["dW"] = each_weight(net, grad);
  result["db"] = each_bias(net, grad);
  result["dx"] = grad_of(inputs);
  result["loss"] = e.data();
  return result;
}

}  // namespace lectures
