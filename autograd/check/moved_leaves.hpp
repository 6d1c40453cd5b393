// Parameters that a gradient check moves.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <autograd/value.hpp>

namespace autograd::detail {

// "x[0]", "x[1]", ...
std::vector<std::string> numbered_names(std::size_t count);

// Leaves that are moved about, and put back however the scope is left.
class MovedLeaves {
 public:
  // Throws: Error if one is not a leaf.
  explicit MovedLeaves(std::span<const Value> leaves);
  ~MovedLeaves();
  MovedLeaves(const MovedLeaves&) = delete;
  MovedLeaves& operator=(const MovedLeaves&) = delete;

  const std::vector<double>& home() const { return home_; }
  std::vector<std::string> names() const;
  std::vector<bool> are_frozen() const;
  void move_to(std::span<const double> x);

 private:
  std::vector<Value> leaves_;
  std::vector<double> home_;
};

// 0 for those that are frozen.
std::vector<double> gradient_at(const Value& y, std::span<const Value> leaves);

}  // namespace autograd::detail
