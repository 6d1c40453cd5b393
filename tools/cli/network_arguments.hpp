// The network and the way it is trained: options of train.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <nn/nn.hpp>

namespace cli {

// A loss by its name on the command line, and what the network is to be for it.
struct LossChoice {
  std::string_view name;  // of the library, as saved
  nn::Loss loss;
  nn::Activation output;
  bool has_signs = false;  // two classes are the targets -1 and 1 of one output
};

// By the name that a model is saved with; the squared error if it is none of train's.
nn::Loss loss_named(std::string_view name);

class NetworkArguments {
 public:
  void add_to(CLI::App& command);

  // Throws: Failure if the loss does not fit the classes; 0 of them for numbers.
  LossChoice loss(std::size_t classes) const;
  // Throws: Failure if it would be too large.
  nn::Mlp network(std::size_t inputs, std::size_t outputs, const nn::Activation& output,
                  std::uint64_t seed) const;
  // Without data, validation and callbacks.
  nn::FitOptions fit_options(const nn::Loss& loss, bool has_validation) const;

  // Of the two inputs, by the library's names; none for the inputs themselves.
  std::vector<std::string> features() const;
  std::uint64_t seed() const { return seed_; }

 private:
  nn::Optimizer optimizer() const;
  void choose_schedule(nn::FitOptions& options) const;

  std::string activation_ = "tanh", loss_ = "auto", optimizer_ = "adam", schedule_ = "constant";
  std::vector<std::string> hidden_ = {"8"}, features_;
  bool has_batch_norm_ = false;
  double dropout_ = 0, l1_ = 0, l2_ = 0, rate_ = 0, clip_ = 0;
  std::size_t batch_ = 10, epochs_ = 100, patience_ = 0, threads_ = 1;
  std::uint64_t seed_ = 0;
};

}  // namespace cli
