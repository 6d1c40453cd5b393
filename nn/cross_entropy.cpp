#include "nn/cross_entropy.hpp"

#include <cmath>
#include <new>
#include <string>
#include <vector>

#include <autograd/text.hpp>
#include <nn/training/loss_terms.hpp>

namespace nn {

namespace text = autograd::text;

using detail::counted;
using detail::mean_of;
using detail::sum_over;
using detail::Terms;

namespace {

using Predictions = std::span<const Value>;

// t x, and nothing where t is 0, whatever x is.
void add_weighted(Terms& terms, double t, const Value& x) {
  if (t != 0) terms.push_back(t * x);
}
void add_weighted(Terms& terms, const Value& t, const Value& x) {
  terms.push_back(select(ne(t, 0.0), t * x, 0.0));
}

// sum_i t_i yes(x_i) + (1 - t_i) no(x_i).
template <class F>
Value two_classes(const char* loss, Predictions x, const Targets& targets, F yes, F no) try {
  targets.visit([&](auto all) {
    for (const auto& each : all)
      detail::check_target(loss, "targets from 0 to 1", each,
                           [](double t) { return t >= 0 && t <= 1; });
  });
  return sum_over(loss, x, targets, [=](Terms& terms, const Value& each, const auto& t) {
    add_weighted(terms, t, yes(each));
    add_weighted(terms, 1 - t, no(each));
  });
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

using Function = Value (*)(const Value&);

Value of_probabilities(const char* loss, Predictions p, const Targets& targets) {
  const Function yes = [](const Value& x) { return log(x); };
  const Function no = [](const Value& x) { return log1p(-x); };
  return 0 - two_classes(loss, p, targets, yes, no);
}

Value of_logits(const char* loss, Predictions z, const Targets& targets) {
  const Function yes = [](const Value& x) { return softplus(-x); };
  const Function no = [](const Value& x) { return softplus(x); };
  return two_classes(loss, z, targets, yes, no);
}

void check_distribution(std::span<const double> targets) {
  double sum = 0;
  for (const double t : targets) {
    detail::check_target("nn::softmax_cross_entropy", "targets of at least 0", t,
                         [](double x) { return x >= 0; });
    sum += t;
  }
  if (std::abs(sum - 1) > 1e-6) {
    detail::fail("nn::softmax_cross_entropy", "targets that add up to 1", text::shortest(sum));
  }
}
void check_distribution(std::span<const Value>) {}

// sum_k t_k z_k.  A class with the plain number 0 takes no part, even if its logit is infinite.
Value expected(std::span<const double> targets, Predictions z) {
  std::vector<double> weights;
  std::vector<Value> logits;
  for (std::size_t k = 0; k < z.size(); ++k) {
    if (targets[k] == 0) continue;
    weights.push_back(targets[k]);
    logits.push_back(z[k]);
  }
  return autograd::dot(logits, weights);
}
Value expected(std::span<const Value> targets, Predictions z) { return autograd::dot(z, targets); }

}  // namespace

Value binary_cross_entropy(Predictions probabilities, const Targets& targets) {
  return of_probabilities("nn::binary_cross_entropy", probabilities, targets);
}
Value mean_binary_cross_entropy(Predictions probabilities, const Targets& targets) {
  return mean_of(of_probabilities("nn::mean_binary_cross_entropy", probabilities, targets),
                 probabilities);
}

Value binary_cross_entropy_of_logits(Predictions logits, const Targets& targets) {
  return of_logits("nn::binary_cross_entropy_of_logits", logits, targets);
}
Value mean_binary_cross_entropy_of_logits(Predictions logits, const Targets& targets) {
  return mean_of(of_logits("nn::mean_binary_cross_entropy_of_logits", logits, targets), logits);
}

Value softmax_cross_entropy(Predictions logits, std::size_t target_class) try {
  detail::check_index("nn::softmax_cross_entropy: class", target_class, logits.size());
  return autograd::logsumexp(logits) - logits[target_class];
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Value softmax_cross_entropy(Predictions logits, const Targets& targets) try {
  if (logits.empty()) detail::fail("nn::softmax_cross_entropy", "at least one logit", "none");
  if (targets.size() != logits.size()) {
    detail::fail("nn::softmax_cross_entropy", counted(logits.size(), "target") + ", one per logit",
                 std::to_string(targets.size()));
  }
  return targets.visit([&](auto t) {
    check_distribution(t);
    return autograd::logsumexp(logits) - expected(t, logits);
  });
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
