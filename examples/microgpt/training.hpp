// What microgpt learns from, how it takes a step, and how it invents a name.
//
// Random numbers are those of Python's module `random`, drawn in the order of the original.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nn/nn.hpp>
#include "model.hpp"

namespace microgpt {

// The lines of a file, without empty ones.
inline std::vector<std::string> read_names(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) names.push_back(line);
  if (names.empty()) throw autograd::Error("no names in " + path.string());
  return names;
}

struct Training {
  Model model;
  std::vector<std::string> names;
  nn::PythonRandom random;
  std::string letters;  // of all names, sorted; the index of a letter is its token
  std::vector<double> weights, gradient;
  std::vector<autograd::Value> leaves;  // the weights as Values
  nn::Optimizer adam = nn::Adam{.rate = 0.01, .beta1 = 0.85, .beta2 = 0.99, .epsilon = 1e-8};

  // Shuffles the names, then draws the weights.
  Training(Model shape, std::vector<std::string> examples, std::int64_t seed)
      : model(shape), names(std::move(examples)), random(seed) {
    random.shuffle(names);
    for (const std::string& name : names) letters += name;
    std::ranges::sort(letters);
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    model.vocabulary = letters.size() + 1;
    weights.resize(model.weight_count());
    gradient.resize(weights.size());
    for (double& each : weights) each = random.gauss(0, 0.08);
    leaves.assign(weights.begin(), weights.end());
  }

  // The token that begins and ends a name.
  std::size_t boundary() const { return letters.size(); }

  std::vector<std::size_t> tokens(const std::string& name) const {
    std::vector<std::size_t> result{boundary()};
    for (const char letter : name) result.push_back(letters.find(letter));
    result.push_back(boundary());
    return result;
  }

  // The loss of a name, and its gradient: by a graph of Values, in which every number could be
  // looked at.
  double loss_by_values(std::span<const std::size_t> name) {
    for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i].set_data(weights[i]);
    nn::zero_grad(leaves);
    const autograd::Value loss = model.loss(std::span<const autograd::Value>(leaves), name);
    loss.backward();
    for (std::size_t i = 0; i < leaves.size(); ++i) gradient[i] = leaves[i].grad();
    return loss.data();
  }

  // The same by a generic callable, which leaves no graph.
  double loss_by_callable(std::span<const std::size_t> name) {
    return autograd::value_and_gradient([&](auto w) { return model.loss(w, name); }, weights,
                                        gradient);
  }

  // Step 0, 1, ... of `steps`, on one name, with a rate that falls to 0. Returns the loss before.
  double step(std::size_t index, std::size_t steps, bool generic) {
    const auto name = tokens(names[index % names.size()]);
    const double loss = generic ? loss_by_callable(name) : loss_by_values(name);
    adam.set_rate(0.01 * (1 - static_cast<double>(index) / static_cast<double>(steps)));
    adam.step(weights, gradient);
    return loss;
  }

  // A new name, letter by letter; the lower the temperature, the more ordinary.
  std::string sample(double temperature = 0.5) {
    std::string name;
    Model::Past<double> past;
    std::size_t token = boundary();
    for (std::size_t i = 0; i < model.context; ++i) {
      const auto logits = model.next(std::span<const double>(weights), token, i, past);
      token = random.choices(nn::softmax(logits, temperature))[0];
      if (token == boundary()) break;
      name += letters[token];
    }
    return name;
  }
};

}  // namespace microgpt
