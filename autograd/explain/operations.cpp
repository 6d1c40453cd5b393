#include "autograd/explain/operations.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <autograd/explain/rules.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/tape/singularities.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

using Kind = Formula::Kind;

bool is_number(const Formula& f, double x) { return f.kind == Kind::kNumber && f.number == x; }

Formula call(std::string name, Formula x) {
  return Formula::of(Kind::kCall, {std::move(x)}, std::move(name));
}
Formula negative(Formula x) { return Formula::of(Kind::kNegative, {std::move(x)}); }
Formula quotient(Formula x, Formula y) {
  return Formula::of(Kind::kQuotient, {std::move(x), std::move(y)});
}
Formula power(Formula x, double exponent) {
  return Formula::of(Kind::kPower, {std::move(x), Formula::of(exponent)});
}
Formula sum(std::vector<Formula> terms) {
  if (terms.empty()) return Formula::of(0.0);
  return terms.size() == 1 ? std::move(terms[0]) : Formula::of(Kind::kSum, std::move(terms));
}

// A sum that starts from the number 0 is written without it.
Formula sum_of(std::span<const Formula> x) {
  std::vector<Formula> terms;
  for (const Formula& each : x) {
    if (!is_number(each, 0.0)) terms.push_back(each);
  }
  return sum(std::move(terms));
}

// The terms x_1 y_1 + x_2 y_2 + ..., a factor 1 left out.
Formula dot_of(std::span<const Formula> x) {
  std::vector<Formula> terms;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    if (is_number(x[i], 1.0) && is_number(x[i + 1], 0.0)) continue;
    if (is_number(x[i + 1], 1.0) && is_number(x[i], 0.0)) continue;
    if (is_number(x[i], 1.0)) {
      terms.push_back(x[i + 1]);
    } else if (is_number(x[i + 1], 1.0)) {
      terms.push_back(x[i]);
    } else {
      terms.push_back(Formula::of(Kind::kProduct, {x[i], x[i + 1]}));
    }
  }
  return sum(std::move(terms));
}

Formula sum_of_exponentials(std::span<const Formula> x) {
  std::vector<Formula> terms;
  for (const Formula& each : x) terms.push_back(call("exp", each));
  return sum(std::move(terms));
}

// softmax: which output it is stands in front.
std::size_t softmax_output(std::span<const Formula> x) {
  return static_cast<std::size_t>(x[0].number) + 1;
}

Formula choice(std::span<const Formula> x, Formula yes, Formula no) {
  return Formula::of(Kind::kChoice, {Formula::of(Kind::kComparison, {x[0], Formula::of(0.0)}, "!="),
                                     std::move(yes), std::move(no)});
}

// Where an exponent is a number: 2*x^(2 - 1) is 2*x.
Formula with_number_as_exponent(const Formula& x, double exponent) {
  if (exponent == 0.0) return Formula::of(0.0);
  if (exponent == 1.0) return Formula::of(1.0);
  Formula base = exponent == 2.0 ? x : power(x, exponent - 1.0);
  return Formula::of(Kind::kProduct, {Formula::of(exponent), std::move(base)});
}

// Of max and its like, where one operand is a plain number: the derivative at a tie is 0.
Formula without_tie(const Formula& rule) {
  if (rule.kind != Kind::kChoice) return rule;
  const Formula& condition = rule.parts[0];
  Formula no = without_tie(rule.parts[2]);
  if (condition.name != "==" || condition.parts[1].name != "y")
    return Formula::of(Kind::kChoice, {condition, rule.parts[1], std::move(no)});
  if (is_number(no, 0.0)) return no;
  return Formula::of(Kind::kChoice, {condition, Formula::of(0.0), std::move(no)});
}

// Of an operation of ops::All, else behind all of them.
Code code_of(std::string_view name) {
  const auto& all = ops::All::infos;
  const auto found = std::ranges::find(all, name, &ops::Info::name);
  return static_cast<Code>(found - all.begin());
}

}  // namespace

Formula value_formula(const Operation& operation) {
  const std::span<const Formula> x = operation.operands;
  const std::string_view name = operation.name;
  const ops::Info info = operation_info(name);
  if (name == "add") return Formula::of(Kind::kSum, {x[0], x[1]});
  if (name == "sub") return Formula::of(Kind::kSum, {x[0], negative(x[1])});
  if (name == "mul" || name == "adjoint product") return Formula::of(Kind::kProduct, {x[0], x[1]});
  if (name == "div") return quotient(x[0], x[1]);
  if (name == "neg") return negative(x[0]);
  if (name == "reciprocal") return quotient(Formula::of(1.0), x[0]);
  if (name == "square") return power(x[0], 2.0);
  if (name == "pow") return Formula::of(Kind::kPower, {x[0], x[1]});
  if (name == "sum") return sum_of(x);
  if (name == "mean") return quotient(sum_of(x), Formula::of(static_cast<double>(x.size())));
  if (name == "dot") return dot_of(x);
  if (name == "norm") {
    std::vector<Formula> squares;
    for (const Formula& each : x) squares.push_back(power(each, 2.0));
    return call("sqrt", sum(std::move(squares)));
  }
  if (name == "logsumexp") return call("log", sum_of_exponentials(x));
  if (name == "softmax") {
    return quotient(call("exp", x[softmax_output(x)]), sum_of_exponentials(x.subspan(1)));
  }
  if (name == "select") return choice(x, x[1], x[2]);
  const bool is_comparison =
      name == "lt" || name == "le" || name == "gt" || name == "ge" || name == "eq" || name == "ne";
  if (is_comparison) return Formula::of(Kind::kComparison, {x[0], x[1]}, std::string(info.symbol));
  return Formula::of(Kind::kCall, {x.begin(), x.end()}, std::string(name));
}

Formula partial_formula(const Operation& operation, std::size_t i) {
  const std::span<const Formula> x = operation.operands;
  const std::string_view name = operation.name;
  const Formula& r = operation.result;
  if (name == "pow" && i == 0 && x[1].kind == Kind::kNumber)
    return with_number_as_exponent(x[0], x[1].number);
  if (const Formula* const rule = local_rule(name, i)) {
    const bool has_number =
        x.size() == 2 && (x[0].kind == Kind::kNumber || x[1].kind == Kind::kNumber);
    const bool is_beside_number = has_number && has_ties(code_of(name));
    return substituted(is_beside_number ? without_tie(*rule) : *rule,
                       [&](const std::string& each) -> const Formula* {
                         if (each == "x") return &x[0];
                         if (each == "y" && x.size() > 1) return &x[1];
                         return each == "r" ? &r : nullptr;
                       });
  }
  if (name == "sum" || name == "row mean") return Formula::of(1.0);
  if (name == "mean") return quotient(Formula::of(1.0), Formula::of(static_cast<double>(x.size())));
  if (name == "dot") return x[i ^ 1];
  if (name == "adjoint product") return x[1 - i];
  if (name == "norm") return quotient(x[i], r);
  if (name == "logsumexp") return call("exp", Formula::of(Kind::kSum, {x[i], negative(r)}));
  if (name == "softmax") {
    const Formula& output = x[softmax_output(x)];
    if (i == softmax_output(x)) {
      return Formula::of(Kind::kProduct,
                         {r, Formula::of(Kind::kSum, {Formula::of(1.0), negative(r)})});
    }
    return negative(Formula::of(
        Kind::kProduct,
        {power(r, 2.0), call("exp", Formula::of(Kind::kSum, {x[i], negative(output)}))}));
  }
  if (name == "select")
    return i == 0 ? Formula::of(0.0)
                  : choice(x, Formula::of(i == 1 ? 1.0 : 0.0), Formula::of(i == 2 ? 1.0 : 0.0));
  return Formula::of(Kind::kWords, {}, "the derivative that '" + std::string(name) + "' gives");
}

Formula shortened(Formula formula) {
  constexpr std::size_t kShown = 8, kBefore = 4;
  for (Formula& part : formula.parts) part = shortened(std::move(part));
  const bool is_list = formula.kind == Kind::kSum || formula.kind == Kind::kCall;
  if (!is_list || formula.parts.size() <= kShown) return formula;
  std::vector<Formula> parts(formula.parts.begin(), formula.parts.begin() + kBefore);
  const std::size_t left_out = formula.parts.size() - kBefore - 1;
  parts.push_back(Formula::of(Kind::kWords, {}, "... " + std::to_string(left_out) + " more ..."));
  parts.push_back(std::move(formula.parts.back()));
  formula.parts = std::move(parts);
  return formula;
}

std::string remark_on(Id operation, std::size_t i) {
  const Operands operands(operation);
  const Code code = tape.operation(operation);
  const std::string name(ops::All::infos[code].name);
  const auto number = [&](std::size_t k) {
    return operands[k].is_number() ? operands[k].number : tape.data[operands[k].id];
  };
  const double partial = operands[i].partial;
  if (has_ties(code)) {
    if (number(0) == number(1)) {
      const bool has_number = operands[0].is_number() || operands[1].is_number();
      return has_number ? "a tie with a plain number: chosen is 0"
                        : "a tie: both are taken; chosen is 1/2 each";
    }
    return partial == 0.0 ? "the other one is taken, nothing passes" : "";
  }
  if (code == detail::code<ops::Select>)
    return i == 0           ? "a condition has no derivative"
           : partial == 0.0 ? "this side is not taken"
                            : "";
  if (code == detail::code<ops::Relu> && number(0) < 0)
    return "the unit is off: relu is flat below 0, nothing passes";
  const ops::Singularity kind = singularity(operation, operands, i);
  if (is_step(code)) {
    return name + " has the derivative 0 everywhere, nothing passes" +
           (kind == ops::Singularity::kJump ? "; here it jumps" : "");
  }
  const bool is_kink = kind == ops::Singularity::kKink;
  if (!is_kink && kind != ops::Singularity::kJump) return "";
  return std::string(is_kink ? "a kink: " : "a jump: ") + name + " has no derivative at " +
         text::rounded(number(i), 6) + "; chosen is " + text::rounded(partial, 6);
}

}  // namespace autograd::detail
