#include "autograd/inspect/description.hpp"

#include <algorithm>

#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr std::size_t kShown = 6;  // operands

}  // namespace

std::string number_text(double x) { return text::rounded(x, 6); }

std::string name_of(const Value& x) {
  return x.label().empty() ? number_text(x.data()) : std::string(x.label());
}

std::vector<DescribedOperand> described_operands(const Value& x) {
  std::vector<DescribedOperand> result;
  const std::vector<Value> inputs = x.inputs();
  const std::vector<double> derivatives = x.local_derivatives();
  for (std::size_t i = 0; i < inputs.size(); ++i)
    result.push_back({name_of(inputs[i]), inputs[i].data(), derivatives[i]});
  return result;
}

std::string call_text(const std::string& operation, std::span<const DescribedOperand> operands) {
  std::string text = operation + "(";
  for (std::size_t i = 0; i < std::min(kShown, operands.size()); ++i)
    text += (i > 0 ? ", " : "") + operands[i].name;
  if (operands.size() > kShown)
    text += ", ... " + std::to_string(operands.size() - kShown) + " more";
  return text + ")";
}

std::string where_text(std::span<const DescribedOperand> operands) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, operands.size()); ++i) {
    const std::string number = number_text(operands[i].data);
    if (operands[i].name == number) continue;
    text += (text.empty() ? ", where " : ", ") + operands[i].name + " = " + number;
  }
  return text;
}

}  // namespace autograd::detail
