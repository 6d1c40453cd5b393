#include "autograd/expression.hpp"

#include <new>
#include <utility>

#include <autograd/expression/evaluator.hpp>
#include <autograd/expression/program.hpp>
#include <autograd/expression/text_error.hpp>

namespace autograd {

using detail::Quantity;
using detail::Scalar;

namespace {

Quantity quantity(const std::variant<Value, std::vector<Value>>& variable) {
  if (const Value* const number = std::get_if<Value>(&variable)) return {.number = *number};
  const auto& elements = std::get<std::vector<Value>>(variable);
  return {.elements =
              std::make_shared<const std::vector<Scalar>>(elements.begin(), elements.end())};
}

Value value_of(const Scalar& x) {
  const double* const number = std::get_if<double>(&x);
  return number != nullptr ? Value::constant(*number) : std::get<Value>(x);
}

std::variant<Value, std::vector<Value>> variable(const Quantity& x) {
  if (!x.is_vector()) return value_of(x.number);
  std::vector<Value> elements;
  for (const Scalar& each : *x.elements) elements.push_back(value_of(each));
  return elements;
}

void require_no_constants(const Variables& variables) {
  for (const char* const name : {"pi", "e"}) {
    if (variables.contains(name))
      throw Error("expression: the variable '" + std::string(name) +
                  "' has the name of a constant; take another name");
  }
}

}  // namespace

Expression::Expression(std::string_view text) try
    : text_(text),
      program_(std::make_shared<const detail::ExpressionProgram>(detail::parse_expression(text_))) {
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

const std::vector<std::string>& Expression::variables() const { return program_->variables; }

Value Expression::evaluate(const Variables& variables) const {
  Variables copy = detail::with_memory_errors([&] { return variables; });
  return evaluate_into(copy);
}

Value Expression::evaluate_into(Variables& variables) const try {
  require_no_constants(variables);
  std::vector<std::unique_ptr<Quantity>> values(program_->names.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto found = variables.find(program_->names[i]);
    if (found != variables.end()) values[i] = std::make_unique<Quantity>(quantity(found->second));
  }
  std::vector<std::string_view> given;
  for (const auto& [name, unused] : variables) given.push_back(name);
  const Quantity result = detail::run_expression(*program_, text_, values, given);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (program_->is_assigned[i])
      variables.insert_or_assign(program_->names[i], variable(*values[i]));
  }
  if (result.is_vector()) {
    detail::text_error(text_, program_->instructions.back().at,
                       "the result is a vector of " + std::to_string(result.elements->size()) +
                           " elements, but a number is wanted; take an element, as in v[0], or "
                           "their sum()");
  }
  return value_of(result.number);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

Function Expression::function(std::span<const std::string> parameters,
                              std::span<const std::string> inputs) const try {
  // Choices are operations here, not comparisons that decide: any point will do.
  const std::vector<double> parameters_at(parameters.size(), 1.0), inputs_at(inputs.size(), 1.0);
  return Function::trace(
      [&](std::span<const Value> p, std::span<const Value> x) {
        Variables variables;
        const auto give = [&](std::span<const std::string> names, std::span<const Value> values) {
          for (std::size_t i = 0; i < names.size(); ++i) {
            if (!variables.emplace(names[i], values[i]).second)
              throw Error("Expression::function(): the name '" + names[i] + "' is given twice");
          }
        };
        give(parameters, p);
        give(inputs, x);
        return evaluate(variables);
      },
      Point(parameters_at), Point(inputs_at));
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
