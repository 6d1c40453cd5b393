#include "nn/penalties.hpp"

#include <new>
#include <string>
#include <vector>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

void check_strength(const std::string& penalty, double strength) {
  if (!(strength >= 0)) {
    detail::fail("nn::" + penalty, "a strength of at least 0", text::shortest(strength));
  }
}

}  // namespace

Value l1_penalty(std::span<const Value> weights, double strength) try {
  check_strength("l1_penalty", strength);
  std::vector<Value> sizes;
  sizes.reserve(weights.size());
  for (const Value& w : weights) sizes.push_back(abs(w));
  return strength * autograd::sum(sizes);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Value l2_penalty(std::span<const Value> weights, double strength) {
  check_strength("l2_penalty", strength);
  return strength / 2 * autograd::dot(weights, weights);
}

Value l1_penalty(const Mlp& net, double strength) { return l1_penalty(net.weights(), strength); }
Value l2_penalty(const Mlp& net, double strength) { return l2_penalty(net.weights(), strength); }

}  // namespace nn
