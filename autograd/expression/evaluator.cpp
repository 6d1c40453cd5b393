#include "autograd/expression/evaluator.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <autograd/expression/text_error.hpp>
#include <autograd/ranges.hpp>

namespace autograd::detail {

namespace {

using Code = ExpressionProgram::Code;
using Instruction = ExpressionProgram::Instruction;
using Elements = std::vector<Scalar>;

Value recorded(const Scalar& x) {
  const double* const number = std::get_if<double>(&x);
  return number != nullptr ? Value::constant(*number) : std::get<Value>(x);
}

std::vector<Value> recorded(const Elements& x) {
  std::vector<Value> result;
  result.reserve(x.size());
  for (const Scalar& each : x) result.push_back(recorded(each));
  return result;
}

Scalar choose(const Scalar& condition, const Scalar& x, const Scalar& y) {
  if (const double* const number = std::get_if<double>(&condition)) return *number != 0 ? x : y;
  return std::visit(
      [&](const auto& yes, const auto& no) -> Scalar {
        return Value::record<ops::Select>(std::get<Value>(condition), yes, no);
      },
      x, y);
}

class Machine {
 public:
  Machine(const ExpressionProgram& program, std::string_view text,
          std::vector<std::unique_ptr<Quantity>>& values,
          const std::vector<std::string_view>& given)
      : program_(program), text_(text), values_(values), given_(given) {}

  Quantity run() {
    bool is_computed = false;  // whether the last instruction made what lies on top
    for (const Instruction& instruction : program_.instructions) {
      step(instruction, is_computed);
      is_computed = instruction.code == Code::kCall || instruction.code == Code::kPlainNumber ||
                    instruction.code == Code::kVector;
    }
    return std::move(stack_.back());
  }

 private:
  [[noreturn]] void fail(const Instruction& instruction, const std::string& message) const {
    text_error(text_, instruction.at, message);
  }

  void step(const Instruction& instruction, bool is_computed) {
    switch (instruction.code) {
      case Code::kPlainNumber:
        stack_.push_back({.number = instruction.number});
        break;
      case Code::kLoad:
        load(instruction);
        break;
      case Code::kName:
        name(instruction, is_computed);
        break;
      case Code::kDrop:
        stack_.pop_back();
        break;
      case Code::kVector:
        vector(instruction);
        break;
      case Code::kElement:
        element(instruction);
        break;
      case Code::kCall:
        call(instruction);
        break;
    }
  }

  std::span<Quantity> top(std::size_t count) { return std::span(stack_).last(count); }
  void replace(std::size_t count, Quantity by) {
    stack_.resize(stack_.size() - count);
    stack_.push_back(std::move(by));
  }

  // ---- names ----

  void load(const Instruction& instruction) {
    const std::unique_ptr<Quantity>& value = values_[instruction.operand];
    if (value == nullptr) {
      const std::string& name = program_.names[instruction.operand];
      std::vector<std::string_view> known = given_;
      for (std::size_t i = 0; i < values_.size(); ++i) {
        if (values_[i] != nullptr) known.push_back(program_.names[i]);
      }
      fail(instruction, "unknown name '" + name + "'" + did_you_mean(name, known));
    }
    stack_.push_back(*value);
  }

  static void give_label(Scalar& x, const std::string& label, bool is_computed) {
    if (const double* const number = std::get_if<double>(&x)) {
      x = Value(*number, label);
    } else if (Value& value = std::get<Value>(x); is_computed && value.label().empty()) {
      value.set_label(label);
    }
  }

  void name(const Instruction& instruction, bool is_computed) {
    Quantity& value = stack_.back();
    const std::string& name = program_.names[instruction.operand];
    if (!value.is_vector()) {
      give_label(value.number, name, is_computed);
    } else {
      Elements elements = *value.elements;
      for (std::size_t i = 0; i < elements.size(); ++i)
        give_label(elements[i], name + "[" + std::to_string(i) + "]", is_computed);
      value.elements = std::make_shared<const Elements>(std::move(elements));
    }
    values_[instruction.operand] = std::make_unique<Quantity>(value);
  }

  // ---- vectors ----

  void vector(const Instruction& instruction) {
    Elements elements;
    elements.reserve(instruction.count);
    for (Quantity& each : top(instruction.count)) {
      if (each.is_vector()) fail(instruction, "a vector holds numbers, not vectors");
      elements.push_back(std::move(each.number));
    }
    replace(instruction.count, {.elements = std::make_shared<const Elements>(std::move(elements))});
  }

  void element(const Instruction& instruction) {
    const Quantity& vector = stack_.back();
    if (!vector.is_vector()) fail(instruction, "this is a number and has no elements");
    const std::size_t size = vector.elements->size();
    if (instruction.count >= size) {
      fail(instruction, "there is no element " + std::to_string(instruction.count) +
                            ": this vector has " + std::to_string(size) + ", counted from 0");
    }
    Scalar element = (*vector.elements)[instruction.count];
    replace(1, {.number = std::move(element)});
  }

  const Elements& vector_argument(const Instruction& instruction, std::size_t i) {
    const Quantity& argument = top(instruction.count)[i];
    if (argument.is_vector()) return *argument.elements;
    const std::string name(named_operations()[instruction.operand].name);
    fail(instruction, "'" + name + "' takes a vector, but argument " + std::to_string(i + 1) +
                          " is a number; a vector is written in brackets: [x, y, z]");
  }

  // ---- operations ----

  void call(const Instruction& instruction) {
    const NamedOperation& operation = named_operations()[instruction.operand];
    switch (operation.shape) {
      case Shape::kVector: {
        const std::vector<Value> x = recorded(vector_argument(instruction, 0));
        return replace(1, {.number = operation.of_vector(x)});
      }
      case Shape::kSoftmax: {
        const std::vector<Value> y = softmax(recorded(vector_argument(instruction, 0)));
        return replace(1, {.elements = std::make_shared<const Elements>(y.begin(), y.end())});
      }
      case Shape::kDot:
        return dot_product(instruction);
      case Shape::kElements:
      case Shape::kSelect:
        return by_elements(instruction, operation);
    }
  }

  void dot_product(const Instruction& instruction) {
    const Elements& x = vector_argument(instruction, 0);
    const Elements& y = vector_argument(instruction, 1);
    require_same_size(instruction, x.size(), y.size());
    if (instruction.count == 2) return replace(2, {.number = dot(recorded(x), recorded(y))});
    const Quantity& plus = top(3)[2];
    if (plus.is_vector())
      fail(instruction, "what 'dot' adds to the product is a number, not a vector");
    replace(3, {.number = dot(recorded(x), recorded(y), recorded(plus.number))});
  }

  static Scalar apply(const NamedOperation& operation, std::span<const Scalar> x) {
    if (operation.shape == Shape::kSelect) return choose(x[0], x[1], x[2]);
    if (operation.unary != nullptr) return operation.unary(x[0]);
    return operation.binary(x[0], x.size() > 1 ? x[1] : Scalar(operation.second));
  }

  void by_elements(const Instruction& instruction, const NamedOperation& operation) {
    const std::span<Quantity> arguments = top(instruction.count);
    std::size_t size = 0;
    for (const Quantity& each : arguments) {
      if (!each.is_vector()) continue;
      if (size > 0) require_same_size(instruction, size, each.elements->size());
      size = each.elements->size();
    }
    std::vector<Scalar> x(arguments.size());
    const auto apply_to = [&](std::size_t i) {
      for (std::size_t k = 0; k < x.size(); ++k)
        x[k] = arguments[k].is_vector() ? (*arguments[k].elements)[i] : arguments[k].number;
      return apply(operation, x);
    };
    if (size == 0) return replace(instruction.count, {.number = apply_to(0)});
    Elements elements;
    elements.reserve(size);
    for (std::size_t i = 0; i < size; ++i) elements.push_back(apply_to(i));
    replace(instruction.count, {.elements = std::make_shared<const Elements>(std::move(elements))});
  }

  void require_same_size(const Instruction& instruction, std::size_t x, std::size_t y) const {
    if (x == y) return;
    fail(instruction, "these vectors have " + std::to_string(x) + " and " + std::to_string(y) +
                          " elements; they must have the same number");
  }

  const ExpressionProgram& program_;
  std::string_view text_;
  std::vector<std::unique_ptr<Quantity>>& values_;
  const std::vector<std::string_view>& given_;
  std::vector<Quantity> stack_;
};

}  // namespace

Quantity run_expression(const ExpressionProgram& program, std::string_view text,
                        std::vector<std::unique_ptr<Quantity>>& values,
                        const std::vector<std::string_view>& given) {
  return Machine(program, text, values, given).run();
}

}  // namespace autograd::detail
