// Optimizer: one of the rules of optimizers.hpp at work, with what it remembers.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/clipping.hpp>
#include <nn/optimizers.hpp>

namespace nn {

using OptimizerRule =
    std::variant<GradientDescent, Momentum, Nesterov, Adagrad, RmsProp, Adam, AdamW>;

// What an optimizer remembers from step to step. An optimizer that is given the state of another
// one of the same rule goes on as that one would, to the last bit.
struct OptimizerState {
  std::uint64_t steps = 0;
  std::size_t weights = 0;           // how many it steps; 0 before the first step
  std::vector<double> first = {};    // v of Momentum and Nesterov, m of Adam and AdamW; else empty
  std::vector<double> squares = {};  // s of Adagrad, RmsProp, Adam and AdamW; else empty

  bool operator==(const OptimizerState&) const = default;
};

// nn::Optimizer optimizer = nn::Adam{.rate = 0.01};
// Copies step on their own.
class Optimizer {
 public:
  // Throws: Error if a rate, an epsilon or a decay is negative, a momentum, rho or beta is not
  //         0 <= x < 1, or a limit of `clip` is not above 0.
  template <std::convertible_to<OptimizerRule> Rule> Optimizer(const Rule& rule, Clip clip = {})
      : Optimizer(OptimizerRule(rule), clip, 0) {}

  // Changes the weights by one step. The gradient is clipped first, on a copy.
  // Throws: Error if the lengths differ, are 0, or are not those of the steps before; then nothing
  //         has been changed. NaN in, NaN out.
  void step(std::span<double> weights, std::span<const double> gradient);
  // With the numbers data() and grad() of leaves. Frozen ones stay as they are.
  // Throws: the same, and Error if one of them is the result of an operation.
  void step(std::span<Value> parameters);

  const OptimizerRule& rule() const { return rule_; }
  const Clip& clip() const { return clip_; }
  std::string_view name() const;  // "Adam"

  double rate() const;
  // Throws: Error if the rate is negative or not finite.
  void set_rate(double rate);

  const OptimizerState& state() const { return state_; }
  // Throws: Error if the lengths are not those of this rule; then nothing has been changed.
  void set_state(OptimizerState state);

 private:
  Optimizer(const OptimizerRule& rule, Clip clip, int);

  OptimizerRule rule_;
  Clip clip_;
  OptimizerState state_;
  std::vector<double> weights_, gradient_;  // room for copies
};

}  // namespace nn
