// Trace: a recorded function on its own, apart from the tape it came from.
//
// A node uses only nodes with smaller numbers. Passes keep the values of `outputs`; all else may
// change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include <autograd/kernels/replay_ops.hpp>
#include <autograd/system/large_vector.hpp>

namespace autograd::detail {

inline constexpr std::uint32_t kNone = 0xffffffff;  // no node, no place

struct Trace {
  using Node = std::uint32_t;
  // Codes of leaves, which have no operands.
  static constexpr ReplayCode kNumber = 0x8000, kParameter = 0x8001, kInput = 0x8002;

  struct Entry {
    ReplayCode code = kNumber;
    std::uint32_t first = 0;  // of the operands; of a leaf: which number, parameter or input
    std::uint32_t count = 0;  // operands
  };

  LargeVector<Entry> nodes;
  LargeVector<Node> operand_list;
  std::vector<double> number_list;
  std::vector<Node> outputs;
  // Of what was recorded, for people: from node `from` on, the part it was recorded in ("layer 1,
  // unit 0"; "" for none). Passes do not keep it.
  struct Part {
    Node from;
    std::string name;
  };
  std::vector<Part> parts;
  // Custom operations stand in it as what their values are computed from: their own derivatives are
  // not in it, unless they were recorded too.
  bool has_custom_rules = false;

  Node size() const { return static_cast<Node>(nodes.size()); }
  ReplayCode code(Node node) const { return nodes[node].code; }
  bool is_number(Node node) const { return code(node) == kNumber; }
  bool is_number(Node node, double x) const { return is_number(node) && number(node) == x; }
  bool is_leaf(Node node) const { return code(node) >= kNumber; }
  double number(Node node) const { return number_list[nodes[node].first]; }
  std::span<const Node> operands(Node node) const {
    if (is_leaf(node)) return {};
    return {operand_list.data() + nodes[node].first, nodes[node].count};
  }

  Node add_number(double x) {
    number_list.push_back(x);
    return add({kNumber, static_cast<std::uint32_t>(number_list.size() - 1), 0});
  }
  Node add_leaf(ReplayCode code, std::size_t index) {
    return add({code, static_cast<std::uint32_t>(index), 0});
  }
  // The operands must not lie in this trace's own list.
  Node add(ReplayCode code, std::span<const Node> operands) {
    const auto first = static_cast<std::uint32_t>(operand_list.size());
    for (const Node x : operands) operand_list.push_back(x);
    return add({code, first, static_cast<std::uint32_t>(operands.size())});
  }
  // With the operands that stand in operand_list from place `first` on.
  Node add_listed(ReplayCode code, std::size_t first) {
    return add({code, static_cast<std::uint32_t>(first),
                static_cast<std::uint32_t>(operand_list.size() - first)});
  }
  Node add(ReplayCode code, std::initializer_list<Node> operands) {
    return add(code, std::span<const Node>(operands.begin(), operands.size()));
  }
  // Removes the node that was added last; nothing uses it yet.
  void take_back() {
    if (!is_leaf(size() - 1)) operand_list.resize(nodes.back().first);
    if (is_number(size() - 1)) number_list.pop_back();
    nodes.pop_back();
  }

 private:
  Node add(Entry entry) {
    nodes.push_back(entry);
    return size() - 1;
  }
};

}  // namespace autograd::detail
