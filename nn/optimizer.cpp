#include "nn/optimizer.hpp"

#include <cmath>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>
#include <nn/training/check_leaves.hpp>

namespace nn {

namespace text = autograd::text;

using detail::counted;

namespace {

template <class Rule> constexpr bool kHasMomentum = requires(Rule rule) { rule.momentum; };
template <class Rule> constexpr bool kHasBetas = requires(Rule rule) { rule.beta1; };
template <class Rule> constexpr bool kHasEpsilon = requires(Rule rule) { rule.epsilon; };
template <class Rule> constexpr bool kHasFirst = kHasMomentum<Rule> || kHasBetas<Rule>;

// ---- checks ----

void check_not_negative(const std::string& what, double x) {
  if (!(std::isfinite(x) && x >= 0)) {
    detail::fail(what, "a finite number that is not negative", text::shortest(x));
  }
}

void check_below_one(const std::string& what, double x) {
  if (!(x >= 0 && x < 1)) detail::fail(what, "0 <= x < 1", text::shortest(x));
}

template <class Rule> void check(const Rule& rule) {
  const std::string name = "nn::" + std::string(Rule::name) + ": ";
  check_not_negative(name + "rate", rule.rate);
  check_not_negative(name + "weight_decay", rule.weight_decay);
  if constexpr (kHasMomentum<Rule>) check_below_one(name + "momentum", rule.momentum);
  if constexpr (kHasBetas<Rule>) {
    check_below_one(name + "beta1", rule.beta1);
    check_below_one(name + "beta2", rule.beta2);
  }
  if constexpr (kHasEpsilon<Rule>) check_not_negative(name + "epsilon", rule.epsilon);
  if constexpr (std::is_same_v<Rule, RmsProp>) check_below_one(name + "rho", rule.rho);
}

void check_clip(const Clip& clip) {
  for (const double limit : {clip.value, clip.norm}) {
    if (!(limit > 0)) detail::fail("nn::Clip", "limits above 0", text::shortest(limit));
  }
}

// ---- steps: plain loops, so that compilers vectorise them ----

struct Arrays {
  std::size_t n;
  double* w;
  const double* gradient;
  double *first, *squares;
  std::uint64_t step;  // 1 in the first
};

void update(const GradientDescent& rule, const Arrays& a) {
  const auto [rate, decay] = rule;
  for (std::size_t i = 0; i < a.n; ++i) a.w[i] -= rate * (a.gradient[i] + decay * a.w[i]);
}

void update(const Momentum& rule, const Arrays& a) {
  const auto [rate, momentum, decay] = rule;
  double* const v = a.first;
  for (std::size_t i = 0; i < a.n; ++i) {
    v[i] = momentum * v[i] + (a.gradient[i] + decay * a.w[i]);
    a.w[i] -= rate * v[i];
  }
}

void update(const Nesterov& rule, const Arrays& a) {
  const auto [rate, momentum, decay] = rule;
  double* const v = a.first;
  for (std::size_t i = 0; i < a.n; ++i) {
    const double g = a.gradient[i] + decay * a.w[i];
    v[i] = momentum * v[i] + g;
    a.w[i] -= rate * (g + momentum * v[i]);
  }
}

void update(const Adagrad& rule, const Arrays& a) {
  const auto [rate, epsilon, decay] = rule;
  double* const s = a.squares;
  for (std::size_t i = 0; i < a.n; ++i) {
    const double g = a.gradient[i] + decay * a.w[i];
    s[i] += g * g;
    a.w[i] -= rate * g / (std::sqrt(s[i]) + epsilon);
  }
}

void update(const RmsProp& rule, const Arrays& a) {
  const auto [rate, rho, epsilon, decay] = rule;
  double* const s = a.squares;
  for (std::size_t i = 0; i < a.n; ++i) {
    const double g = a.gradient[i] + decay * a.w[i];
    s[i] = rho * s[i] + (1 - rho) * (g * g);
    a.w[i] -= rate * g / (std::sqrt(s[i]) + epsilon);
  }
}

// coupled is the decay in the gradient, decoupled the one beside it.
void adam_update(const auto& rule, double coupled, double decoupled, const Arrays& a) {
  const double beta1 = rule.beta1, beta2 = rule.beta2, epsilon = rule.epsilon;
  const double t = static_cast<double>(a.step);
  const double rate = rule.rate / (1 - std::pow(beta1, t));
  const double root_correction = 1 / std::sqrt(1 - std::pow(beta2, t));
  const double shrink = rule.rate * decoupled;
  double *const m = a.first, *const s = a.squares;
  for (std::size_t i = 0; i < a.n; ++i) {
    const double g = a.gradient[i] + coupled * a.w[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    s[i] = beta2 * s[i] + (1 - beta2) * (g * g);
    a.w[i] -= shrink * a.w[i] + rate * m[i] / (std::sqrt(s[i]) * root_correction + epsilon);
  }
}

void update(const Adam& rule, const Arrays& a) { adam_update(rule, rule.weight_decay, 0, a); }

void update(const AdamW& rule, const Arrays& a) { adam_update(rule, 0, rule.weight_decay, a); }

}  // namespace

Optimizer::Optimizer(const OptimizerRule& rule, Clip clip, int) try : rule_(rule), clip_(clip) {
  std::visit([](const auto& each) { check(each); }, rule_);
  check_clip(clip_);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::string_view Optimizer::name() const {
  return std::visit([](const auto& rule) { return rule.name; }, rule_);
}

double Optimizer::rate() const {
  return std::visit([](const auto& rule) { return rule.rate; }, rule_);
}

void Optimizer::set_rate(double rate) try {
  check_not_negative("nn::Optimizer::set_rate", rate);
  std::visit([rate](auto& rule) { rule.rate = rate; }, rule_);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Optimizer::step(std::span<double> weights, std::span<const double> gradient) try {
  const std::string what = "nn::Optimizer::step";
  if (weights.empty()) detail::fail(what, "at least one weight", "none");
  if (gradient.size() != weights.size()) {
    detail::fail(what, counted(weights.size(), "derivative") + ", one per weight",
                 std::to_string(gradient.size()));
  }
  if (state_.weights != 0 && state_.weights != weights.size()) {
    detail::fail(what, counted(state_.weights, "weight") + ", as in the steps before",
                 std::to_string(weights.size()));
  }
  if (gradient_.data() != gradient.data() &&
      (std::isfinite(clip_.value) || std::isfinite(clip_.norm))) {
    gradient_.assign(gradient.begin(), gradient.end());
    gradient = gradient_;
  }
  if (std::isfinite(clip_.value)) clip_values(gradient_, clip_.value);
  if (std::isfinite(clip_.norm)) clip_norm(gradient_, clip_.norm);

  std::visit(
      [&]<class Rule>(const Rule& rule) {
        if (state_.weights == 0) {
          if constexpr (kHasFirst<Rule>) state_.first.assign(weights.size(), 0.0);
          if constexpr (kHasEpsilon<Rule>) state_.squares.assign(weights.size(), 0.0);
          state_.weights = weights.size();
        }
        update(rule, Arrays{weights.size(), weights.data(), gradient.data(), state_.first.data(),
                            state_.squares.data(), ++state_.steps});
      },
      rule_);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Optimizer::step(std::span<Value> parameters) try {
  detail::check_leaves("nn::Optimizer::step", parameters);
  weights_.resize(parameters.size());
  gradient_.resize(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    weights_[i] = parameters[i].data();
    gradient_[i] = parameters[i].grad();
  }
  step(weights_, gradient_);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].is_frozen()) parameters[i].set_data(weights_[i]);
  }
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Optimizer::set_state(OptimizerState state) try {
  std::visit(
      [&]<class Rule>(const Rule&) {
        const std::size_t first = kHasFirst<Rule> ? state.weights : 0;
        const std::size_t squares = kHasEpsilon<Rule> ? state.weights : 0;
        const bool begun = state.steps != 0;
        if (state.first.size() == first && state.squares.size() == squares &&
            begun == (state.weights != 0)) {
          return;
        }
        const auto sizes = [](std::uint64_t steps, std::size_t weights, std::size_t m,
                              std::size_t s) {
          return counted(steps, "step") + " of " + counted(weights, "weight") + ", first " +
                 std::to_string(m) + ", squares " + std::to_string(s);
        };
        detail::fail("nn::Optimizer::set_state of " + std::string(Rule::name),
                     sizes(state.steps, state.weights, first, squares),
                     sizes(state.steps, state.weights, state.first.size(), state.squares.size()));
      },
      rule_);
  state_ = std::move(state);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
