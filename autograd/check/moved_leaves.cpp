#include "autograd/check/moved_leaves.hpp"

#include <new>

#include <autograd/tape/sweep.hpp>

namespace autograd::detail {

std::vector<std::string> numbered_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("x[" + std::to_string(i) + "]");
  return names;
}

MovedLeaves::MovedLeaves(std::span<const Value> leaves) try
    : leaves_(leaves.begin(), leaves.end()) {
  for (const Value& leaf : leaves_) {
    if (leaf.id() >= 0 || leaf.id() == kZero) {
      const std::string what = leaf.id() == kZero
                                   ? "a Value that was given no number"
                                   : "the result of '" + std::string(leaf.op()) + "'";
      throw Error("check_gradient(): parameter " + std::to_string(home_.size()) + " is " + what +
                  ". Its data must be changed, which needs a leaf: a Value made from a number.");
    }
    home_.push_back(leaf.data());
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

MovedLeaves::~MovedLeaves() { move_to(home_); }

std::vector<std::string> MovedLeaves::names() const {
  std::vector<std::string> names = numbered_names(leaves_.size());
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    if (!leaves_[i].label().empty()) names[i] = leaves_[i].label();
  }
  return names;
}

std::vector<bool> MovedLeaves::are_frozen() const {
  std::vector<bool> result;
  for (const Value& leaf : leaves_) result.push_back(leaf.is_frozen());
  return result;
}

void MovedLeaves::move_to(std::span<const double> x) {
  for (std::size_t i = 0; i < leaves_.size(); ++i) leaves_[i].set_data(x[i]);
}

std::vector<double> gradient_at(const Value& y, std::span<const Value> leaves) try {
  const ByNode<double> derivative = sweep(y.id());
  std::vector<double> result;
  for (const Value& leaf : leaves) {
    const bool is_known = leaf.id() <= y.id() && !leaf.is_frozen();
    result.push_back(is_known ? derivative[leaf.id()] : 0.0);
  }
  return result;
} catch (const std::bad_alloc&) {
  out_of_memory();
}

}  // namespace autograd::detail
