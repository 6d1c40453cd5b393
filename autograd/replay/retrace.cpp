#include "autograd/replay/retrace.hpp"

#include <array>
#include <concepts>
#include <cstddef>

#include <autograd/error.hpp>
#include <autograd/numbers/derivative_term.hpp>

namespace autograd::detail {
namespace {

// Plain numbers stay plain, as where the trace was recorded first.
using Number = DerivativeTerm;
using Record = Number (*)(std::span<const Number>);

Number dot_product(std::span<const Number> x) {
  std::vector<Value> left, right;
  for (std::size_t i = 0; i < x.size(); i += 2) {
    left.push_back(x[i].value());
    right.push_back(x[i + 1].value());
  }
  return record_dot(nullptr, left, right);
}

template <class Op> Number record(std::span<const Number> x) {
  if constexpr (std::same_as<Op, ops::Custom>) {
    throw Error("a custom operation cannot be recorded again");
  } else if constexpr (std::same_as<Op, ops::Dot>) {
    return dot_product(x);
  } else if constexpr (std::same_as<Op, ops::Select>) {
    return Number::record<Op>(x[0], x[1], x[2]);
  } else if constexpr (std::same_as<Op, ops::Softmax>) {  // which output stands in front
    return Number::record_range<Op>(x.subspan(1), static_cast<std::size_t>(x[0].data()));
  } else if constexpr (ops::Ranged::contains<Op>) {
    return Number::record_range<Op>(x, 0);
  } else if constexpr (Op::domain.size() == 1) {
    return Number::record<Op>(x[0]);
  } else {
    return Number::record<Op>(x[0], x[1]);
  }
}

constexpr auto kRecorders = []<class... Op>(ops::List<Op...>) {
  return std::array<Record, sizeof...(Op)>{record<Op>...};
}(ops::All{});

}  // namespace

std::vector<Value> retrace(const Trace& trace, std::span<const Value> parameters,
                           std::span<const Value> inputs) {
  const DerivativeTerm::Scope scope;
  std::vector<Number> nodes, operands;
  nodes.reserve(trace.size());
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    const ReplayCode code = trace.code(i);
    if (code == Trace::kNumber) {
      nodes.push_back(trace.number(i));
    } else if (trace.is_leaf(i)) {
      const auto& leaves = code == Trace::kParameter ? parameters : inputs;
      nodes.push_back(Number::of(leaves[trace.nodes[i].first].id()));
    } else {
      operands.clear();
      for (const Trace::Node x : trace.operands(i)) operands.push_back(nodes[x]);
      nodes.push_back(kRecorders[code](operands));
    }
  }
  std::vector<Value> result;
  for (const Trace::Node y : trace.outputs) result.push_back(nodes[y].value());
  return result;
}

}  // namespace autograd::detail
