// What few nodes have: a label, a rule of the user's own, very many edges, tracked handles, a part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <autograd/tape/parts.hpp>
#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// What there is of an operation of the user's own, beside its node.
struct CustomRule {
  std::string name;
  // Empty if the derivatives are known as numbers only.
  std::function<std::vector<Value>(std::span<const Value>)> derivatives;
  bool traced = false;  // the last operand is its value, written with operations of the library

  // Throws: Error unless there is a local derivative for each operand.
  void require(std::size_t operands, std::size_t given) const;
};

// By node. Labels and tracked handles have a flag in its Tag too.
struct Annotations {
  std::map<Id, std::string> labels;
  std::map<Id, std::shared_ptr<const CustomRule>> custom_rules;
  std::map<Id, std::uint32_t> edge_counts;  // of operations with kMany edges or more
  std::unordered_map<Id, std::size_t> tracked_handles;
  Parts parts;
};

}  // namespace autograd::detail
