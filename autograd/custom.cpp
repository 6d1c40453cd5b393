#include "autograd/custom.hpp"

namespace autograd::detail {

Value record_custom(std::shared_ptr<const CustomRule> rule, std::span<const Value> operands,
                    double value, std::span<const double> derivatives) {
  if (operands.empty())
    throw Error("custom operation '" + rule->name + "': it needs at least one operand");
  rule->require(operands.size(), derivatives.size());
  Edge* edge = tape.room_for(operands.size());
  for (std::size_t i = 0; i < operands.size(); ++i) *edge++ = {derivatives[i], operands[i].id()};
  Value result = Value::adopt(tape.push_many(code<ops::Custom>, value, operands.size()));
  tape.set_custom_rule(result.id(), std::move(rule));
  return result;
}

Value record_traced(const CustomRule& rule, std::span<const Value> operands, const Value& value) {
  if (!rule.derivatives) cannot_trace(rule.name);
  Edge* edge = tape.room_for(operands.size() + 1);
  for (const Value& x : operands) *edge++ = {0.0, x.id()};
  *edge = {0.0, value.id()};
  Value result =
      Value::adopt(tape.push_many(code<ops::Custom>, value.number(), operands.size() + 1));
  tape.set_custom_rule(result.id(),
                       std::make_shared<CustomRule>(CustomRule{rule.name, rule.derivatives, true}));
  return result;
}

void cannot_trace(const std::string& name) {
  throw Error("custom operation '" + name +
              "' in a Function: its value or its derivatives are known as numbers only, and cannot "
              "be replayed with others. Let both take std::span<const Value> too, as [](auto x) "
              "does.");
}

std::vector<Value> renamed(std::span<const Value> operands) {
  std::vector<Value> result;
  result.reserve(operands.size());
  for (const Value& x : operands) result.push_back(x * 1.0);
  return result;
}

}  // namespace autograd::detail
