#include "autograd/replay/import.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/by_leaf.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/reach.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

std::vector<Id> ids_of(std::span<const Value> parameters, std::span<const Value> inputs) {
  std::vector<Id> result;
  result.reserve(parameters.size() + inputs.size());
  for (const auto& leaves : {parameters, inputs})
    for (const Value& x : leaves)
      if (x.id() < kZero) result.push_back(x.id());
  return result;
}

// Copies operations of the tape in the order in which they were recorded.
class Import {
 public:
  Import(Time lowest, Time highest, std::span<const Value> parameters,
         std::span<const Value> inputs)
      : lowest_(lowest),
        by_time_(static_cast<std::size_t>(std::max(highest - lowest + 1, 0)), kNone),
        by_leaf_(ids_of(parameters, inputs), kNone) {
    constexpr std::size_t kSomeNumbers = 64;
    trace.nodes.reserve(by_time_.size() + parameters.size() + inputs.size() + kSomeNumbers);
    trace.operand_list.reserve(2 * by_time_.size());
    add_leaves(Trace::kParameter, parameters);
    add_leaves(Trace::kInput, inputs);
  }

  bool has(Id id) { return covers(id) && place(id) != kNone; }

  // A node that has been copied, or a leaf.
  Node at(Id id) {
    if (id == kZero) return number(0.0);
    Node& node = place(id);
    if (node == kNone) node = number(tape.data[id]);
    return node;
  }

  void copy(Id id) {
    const Operands operands(id);
    const Code code = tape.operation(id);
    place(id) = code == detail::code<ops::Custom> ? custom(id, operands)
                : code == detail::code<ops::Sum>  ? sum(operands)
                : operands.empty()                ? number(tape.data[id])
                                                  : operation(code, operands);
  }

  Trace trace;

 private:
  void add_leaves(ReplayCode code, std::span<const Value> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Node node = trace.add_leaf(code, i);
      const Id id = values[i].id();
      if (id == kZero || (id >= 0 && !covers(id))) continue;
      place(id) = node;
    }
  }

  // Of an operation from its time on.
  std::size_t since_lowest(Id id) const {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(tape.time_of(id)) - lowest_);
  }
  bool covers(Id id) const { return id < 0 || since_lowest(id) < by_time_.size(); }
  Node& place(Id id) { return id < 0 ? by_leaf_[id] : by_time_[since_lowest(id)]; }

  Node number(double x) {
    // Most numbers are one of the few that were used last.
    const auto bits = std::bit_cast<std::uint64_t>(x);
    Recent& recent = recent_[(bits ^ (bits >> 32) ^ (bits >> 52)) % recent_.size()];
    if (recent.node == kNone || recent.bits != bits) recent = {bits, new_number(x)};
    return recent.node;
  }
  Node new_number(double x) {
    const auto [at, is_new] = numbers_.try_emplace(std::bit_cast<std::uint64_t>(x), 0);
    if (is_new) at->second = trace.add_number(x);
    return at->second;
  }

  Node operation(ReplayCode code, const Operands& operands) {
    const std::size_t first = trace.operand_list.size();
    for (const Operand operand : operands)
      trace.operand_list.push_back(operand.is_number() ? number(operand.number) : at(operand.id));
    return trace.add_listed(code, first);
  }

  // A sum whose terms have factors is a dot product.
  Node sum(const Operands& terms) {
    bool plain = true;
    for (const Operand term : terms) plain = plain && term.partial == 1;
    operands_.clear();
    for (const Operand term : terms) {
      operands_.push_back(at(term.id));
      if (!plain) operands_.push_back(number(term.partial));
    }
    return trace.add(plain ? detail::code<ops::Sum> : detail::code<ops::Dot>, operands_);
  }

  Node custom(Id id, const Operands& operands) {
    const CustomRule& rule = *tape.custom_rule(id);
    if (!rule.traced) {
      throw Error("custom operation '" + rule.name +
                  "' in a Function: it was recorded before as numbers. Trace the function that "
                  "calls it.");
    }
    trace.has_custom_rules = true;
    return at(operands[operands.size() - 1].id);
  }

  Time lowest_;
  LargeVector<Node> by_time_;
  ByLeaf<Node> by_leaf_;
  std::vector<Node> operands_;
  std::unordered_map<std::uint64_t, Node> numbers_;
  struct Recent {
    std::uint64_t bits = 0;
    Node node = kNone;
  };
  std::array<Recent, 64> recent_;
};

// Tells the parts of operations that are asked for in the order of recording.
class PartsInOrder {
 public:
  PartsInOrder() {
    if (tape.annotations != nullptr) runs_ = tape.annotations->parts.runs(tape.now());
  }

  Parts::Part part(Time at) {
    while (next_ < runs_.size() && runs_[next_].end <= at) ++next_;
    return next_ == runs_.size() || runs_[next_].begin > at ? 0 : runs_[next_].part;
  }
  static std::string name(Parts::Part part) {
    std::string result;
    if (part == 0) return result;
    for (const std::string& each : tape.annotations->parts.path(part))
      result += (result.empty() ? "" : ", ") + each;
    return result;
  }

 private:
  std::vector<Parts::Run> runs_;
  std::size_t next_ = 0;
};

}  // namespace

Trace trace_of(std::span<const Value> parameters, std::span<const Value> inputs,
               std::span<const Value> outputs) {
  Time highest = -1;
  for (const Value& y : outputs) highest = std::max(highest, tape.time_of(y.id()));

  constexpr std::uint8_t kInput = 1;
  OperationFlags is_input(highest);
  for (const auto& values : {parameters, inputs})
    for (const Value& x : values)
      if (x.id() >= 0 && tape.time_of(x.id()) <= highest) is_input.set(x.id(), kInput);
  std::vector<Id> roots;
  for (const Value& y : outputs) roots.push_back(y.id());
  // Looks no further than the inputs.
  const OperationFlags reached =
      reach(roots, [&](Id i, const Edge&) { return !is_input.has(i, kInput); });

  Import import(reached.lowest(), highest, parameters, inputs);
  PartsInOrder parts;
  Parts::Part part = 0;
  for (Time t = reached.lowest(); t <= highest; ++t) {
    const Id i = tape.at_time(t);
    if (!reached.has(i, kReached) || import.has(i)) continue;
    if (const Parts::Part now = parts.part(t); now != part) {
      import.trace.parts.push_back({import.trace.size(), PartsInOrder::name(now)});
      part = now;
    }
    import.copy(i);
  }
  for (const Value& y : outputs) import.trace.outputs.push_back(import.at(y.id()));
  return std::move(import.trace);
}

}  // namespace autograd::detail
