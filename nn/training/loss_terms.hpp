// Losses: terms, one or more for each prediction, and their sum.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include <autograd/text.hpp>
#include <nn/inputs.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

using Terms = std::vector<Value>;

// A single term is its own sum, without a node.
inline Value total(const Terms& terms) {
  return terms.size() == 1 ? terms[0] : autograd::sum(terms);
}

// A sum over predictions, for one of them.
inline Value mean_of(const Value& sum, std::span<const Value> predictions) {
  return sum / static_cast<double>(predictions.size());
}

// The sum of what append(terms, p_i, t_i) adds for every prediction and its target. `loss` is the
// full name of the loss, for errors.
template <class Append> Value sum_over(const char* loss, std::span<const Value> predictions,
                                       const Targets& targets, const Append& append) try {
  if (predictions.empty()) fail(loss, "at least one prediction", "none");
  if (targets.size() != predictions.size()) {
    fail(loss, counted(predictions.size(), "target") + ", one per prediction",
         std::to_string(targets.size()));
  }
  return targets.visit([&](auto t) {
    Terms terms;
    terms.reserve(2 * predictions.size());
    for (std::size_t i = 0; i < predictions.size(); ++i) append(terms, predictions[i], t[i]);
    return total(terms);
  });
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

// Nothing is asked of a target that is a Value: what is computed from it holds for other numbers as
// well.
// Throws: Error unless the condition holds of a target that is a plain number.
template <class Holds>
void check_target(const char* loss, const char* expected, double t, Holds holds) {
  if (!holds(t) && t == t) fail(loss, expected, autograd::text::shortest(t));
}
template <class Holds> void check_target(const char*, const char*, const Value&, Holds) {}

}  // namespace nn::detail
