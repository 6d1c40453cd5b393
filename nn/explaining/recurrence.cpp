#include "nn/explaining/recurrence.hpp"

#include <cctype>
#include <map>
#include <string>
#include <variant>

#include <autograd/text.hpp>

namespace nn::detail {

namespace {

using Line = StepExplanation::Line;

// The lines of a rule that change something, each for its name. Text that an Expression reads: what
// is shown is what is computed.
struct Formula {
  const char *name, *formula;
};
using Formulas = std::vector<Formula>;

const Formula kFirst{"m", "beta1*m + (1 - beta1)*g"};
const Formula kSquares{"s", "beta2*s + (1 - beta2)*g^2"};
const Formula kFirstCorrected{"m_hat", "m/(1 - beta1^t)"};
const Formula kSquaresCorrected{"s_hat", "s/(1 - beta2^t)"};

Formulas formulas(const GradientDescent&) { return {{"w", "w - rate*g"}}; }
Formulas formulas(const Momentum&) { return {{"v", "momentum*v + g"}, {"w", "w - rate*v"}}; }
Formulas formulas(const Nesterov&) {
  return {{"v", "momentum*v + g"}, {"w", "w - rate*(g + momentum*v)"}};
}
Formulas formulas(const Adagrad&) {
  return {{"s", "s + g^2"}, {"w", "w - rate*g/(sqrt(s) + epsilon)"}};
}
Formulas formulas(const RmsProp&) {
  return {{"s", "rho*s + (1 - rho)*g^2"}, {"w", "w - rate*g/(sqrt(s) + epsilon)"}};
}
Formulas formulas(const Adam&) {
  return {kFirst,
          kSquares,
          kFirstCorrected,
          kSquaresCorrected,
          {"w", "w - rate*m_hat/(sqrt(s_hat) + epsilon)"}};
}
Formulas formulas(const AdamW&) {
  return {kFirst,
          kSquares,
          kFirstCorrected,
          kSquaresCorrected,
          {"w", "w - rate*weight_decay*w - rate*m_hat/(sqrt(s_hat) + epsilon)"}};
}

using Numbers = std::map<std::string, double, std::less<>>;

// The formula with numbers for the names that stand for one.
std::string with_numbers(const std::string& formula, const Numbers& numbers) {
  std::string result;
  for (std::size_t i = 0; i < formula.size();) {
    std::size_t end = i;
    while (end < formula.size() &&
           (std::isalnum(static_cast<unsigned char>(formula[end])) != 0 || formula[end] == '_'))
      ++end;
    if (end == i) {
      result += formula[i++];
      continue;
    }
    const std::string word = formula.substr(i, end - i);
    const auto found = numbers.find(word);
    if (found == numbers.end()) {
      result += word;
    } else {
      const std::string number = autograd::text::rounded(found->second, 6);
      result += number.starts_with('-') ? "(" + number + ")" : number;
    }
    i = end;
  }
  return result;
}

double value_of(const std::string& formula, const Numbers& numbers) {
  autograd::Variables variables;
  for (const auto& [name, number] : numbers) variables.emplace(name, Value(number));
  return autograd::Expression(formula).evaluate(variables).data();
}

}  // namespace

std::vector<Line> recurrence(const Optimizer& optimizer, std::size_t index, double w, double g) {
  const OptimizerState& state = optimizer.state();
  const auto remembered = [&](const std::vector<double>& of) {
    return of.empty() ? 0.0 : of.at(index);
  };
  Numbers numbers{{"w", w}, {"g", g}, {"t", static_cast<double>(state.steps + 1)}};
  Formulas rule;
  std::visit(
      [&](const auto& each) {
        rule = formulas(each);
        numbers["rate"] = each.rate;
        numbers["weight_decay"] = each.weight_decay;
        if constexpr (requires { each.momentum; }) {
          numbers["momentum"] = each.momentum;
          numbers["v"] = remembered(state.first);
        }
        if constexpr (requires { each.beta1; }) {
          numbers["beta1"] = each.beta1;
          numbers["beta2"] = each.beta2;
          numbers["m"] = remembered(state.first);
        }
        if constexpr (requires { each.epsilon; }) {
          numbers["epsilon"] = each.epsilon;
          numbers["s"] = remembered(state.squares);
        }
        if constexpr (requires { each.rho; }) numbers["rho"] = each.rho;
        const bool is_decoupled = std::is_same_v<decltype(each), const AdamW&>;
        if (each.weight_decay != 0 && !is_decoupled)
          rule.insert(rule.begin(), {"g", "g + weight_decay*w"});
      },
      optimizer.rule());

  std::vector<Line> lines;
  for (const auto& [name, formula] : rule) {
    const double value = value_of(formula, numbers);
    lines.push_back({name, formula, with_numbers(formula, numbers), value});
    numbers[name] = value;
  }
  return lines;
}

}  // namespace nn::detail
