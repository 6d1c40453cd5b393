#include <algorithm>
#include <array>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

using Evaluate = double (*)(std::span<const double>);

template <class Op> double evaluate(std::span<const double> x) {
  if constexpr (!requires { Op::domain; }) {
    if constexpr (std::same_as<Op, ops::Softmax>)
      return Op::value(x.subspan(1), static_cast<std::size_t>(x[0]));
    return Op::value(x, 0);
  } else if constexpr (Op::domain.size() == 1) {
    return Op::value(x[0]);
  } else {
    return Op::value(x[0], x[1]);
  }
}

constexpr auto kEvaluate = []<class... Op>(ops::List<Op...>) {
  return std::array<Evaluate, sizeof...(Op)>{evaluate<Op>...};
}(ops::All{});

}  // namespace

Trace fold_constants(const Trace& trace) {
  std::vector<double> numbers;
  return rewrite(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    const bool is_constant = std::ranges::all_of(x, [&](Node each) { return out.is_number(each); });
    if (!is_constant || trace.code(node) >= kFirstReplayOnly) return out.add(trace.code(node), x);
    numbers.clear();
    for (const Node each : x) numbers.push_back(out.number(each));
    return out.add_number(kEvaluate[trace.code(node)](numbers));
  });
}

}  // namespace autograd::detail
