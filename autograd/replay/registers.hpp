// Registers: which node lies in which register, while the instructions of one phase are written.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <autograd/kernels/instruction.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

class Registers {
 public:
  using Node = Trace::Node;

  void begin(std::size_t nodes) {
    register_.assign(nodes, kNone);
    last_use_.assign(nodes, 0);
    free_.clear();
    next_ = 0;
  }
  // A node may not leave its register before the one at `position` is computed.
  void needed_until(Node x, std::size_t position) {
    last_use_[x] = std::max(last_use_[x], position);
  }
  void needed_to_the_end(Node x) { last_use_[x] = std::numeric_limits<std::size_t>::max(); }

  bool has(Node x) const { return register_[x] != kNone; }
  Argument of(Node x) const { return {Argument::kRegister, register_[x]}; }

  Argument give(Node x) {
    if (free_.empty()) {
      register_[x] = next_++;
      most_ = std::max(most_, next_);
    } else {
      register_[x] = free_.back();
      free_.pop_back();
    }
    return of(x);
  }
  // Takes the register of x back if `position` is its last use.
  void release(Node x, std::size_t position) {
    if (last_use_[x] != position || !has(x)) return;
    free_.push_back(register_[x]);
    register_[x] = kNone;
  }
  // At any time so far.
  std::uint32_t most() const { return most_; }

 private:
  std::vector<std::uint32_t> register_, free_;
  std::vector<std::size_t> last_use_;
  std::uint32_t next_ = 0, most_ = 0;
};

}  // namespace autograd::detail
