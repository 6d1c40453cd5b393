#include <autograd/custom.hpp>

namespace autograd::detail {

Value record_custom(std::shared_ptr<const CustomRule> rule, std::span<const Value> operands,
                    double value, std::span<const double> derivatives) {
  if (operands.empty())
    throw Error("custom operation '" + rule->name + "': it needs at least one operand");
  if (derivatives.size() != operands.size()) {
    throw Error("custom operation '" + rule->name + "': " + std::to_string(operands.size()) +
                " operands, but " + std::to_string(derivatives.size()) +
                " local derivatives; there must be one for each");
  }
  Edge* edge = tape.room_for(operands.size());
  for (std::size_t i = 0; i < operands.size(); ++i) *edge++ = {derivatives[i], operands[i].id()};
  Value result = Value::adopt(tape.push_many(code<ops::Custom>, value, operands.size()));
  tape.set_custom_rule(result.id(), std::move(rule));
  return result;
}

std::vector<Value> renamed(std::span<const Value> operands) {
  std::vector<Value> result;
  result.reserve(operands.size());
  for (const Value& x : operands) result.push_back(x * 1.0);
  return result;
}

}  // namespace autograd::detail
