#include "autograd/explain/rules.hpp"

#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>
#include <vector>

#include <autograd/expression/operations.hpp>
#include <autograd/expression/tokens.hpp>
#include <autograd/ops.hpp>

namespace autograd::detail {

namespace {

using Kind = Formula::Kind;

// Rules are short, so that recursion is short too.
class Reader {
 public:
  explicit Reader(std::string_view text) : tokens_(text) { next(); }

  std::optional<Formula> read() {
    std::optional<Formula> result = choice();
    if (result && token_.is(",")) {  // a word and what it stands for
      next();
      const std::string name(token_.text);
      next();
      if (!token_.is("=")) return {};
      next();
      const std::optional<Formula> meaning = choice();
      if (!meaning) return {};
      result = substituted(
          *result, [&](const std::string& each) { return each == name ? &*meaning : nullptr; });
    }
    return token_.kind == Token::Kind::kEnd ? result : std::nullopt;
  }

 private:
  using Result = std::optional<Formula>;

  void next() { token_ = tokens_.next(); }
  bool is_word(std::string_view word) const {
    return token_.kind == Token::Kind::kName && token_.text == word;
  }

  // a where x > y, else b
  Result choice() {
    Result yes = sum();
    if (!yes || !is_word("where")) return yes;
    next();
    Result left = sum();
    const std::string sign(token_.text);
    if (!left || (sign != ">" && sign != "<" && sign != "==" && sign != "<=" && sign != ">="))
      return {};
    next();
    Result right = sum();
    if (!right || !token_.is(",")) return {};
    next();
    if (!is_word("else")) return {};
    next();
    Result no = choice();
    if (!no) return {};
    return Formula::of(Kind::kChoice,
                       {Formula::of(Kind::kComparison, {std::move(*left), std::move(*right)}, sign),
                        std::move(*yes), std::move(*no)});
  }

  Result sum() {
    Result first = product();
    if (!first) return {};
    std::vector<Formula> parts{std::move(*first)};
    while (token_.is("+") || token_.is("-")) {
      const bool is_minus = token_.is("-");
      next();
      Result part = product();
      if (!part) return {};
      parts.push_back(is_minus ? Formula::of(Kind::kNegative, {std::move(*part)})
                               : std::move(*part));
    }
    return parts.size() == 1 ? std::move(parts[0]) : Formula::of(Kind::kSum, std::move(parts));
  }

  // -a b / c
  Result product() {
    if (token_.is("-")) {
      next();
      Result inside = product();
      if (!inside) return {};
      if (inside->kind == Kind::kNumber) return Formula::of(-inside->number);
      return Formula::of(Kind::kNegative, {std::move(*inside)});
    }
    Result result = factors();
    while (result && (token_.is("/") || token_.is("*"))) {
      const bool is_quotient = token_.is("/");
      next();
      Result right = factors();
      if (!right) return {};
      result = Formula::of(is_quotient ? Kind::kQuotient : Kind::kProduct,
                           {std::move(*result), std::move(*right)});
    }
    return result;
  }

  // Factors beside one another.
  Result factors() {
    Result first = power();
    if (!first) return {};
    std::vector<Formula> parts{std::move(*first)};
    while (token_.kind == Token::Kind::kNumeral || token_.is("(") ||
           (token_.kind == Token::Kind::kName && !is_word("where"))) {
      Result part = power();
      if (!part) return {};
      parts.push_back(std::move(*part));
    }
    return parts.size() == 1 ? std::move(parts[0]) : Formula::of(Kind::kProduct, std::move(parts));
  }

  Result power() {
    Result base = atom();
    if (!base || !token_.is("^")) return base;
    next();
    Result exponent = atom();
    if (!exponent) return {};
    if (base->kind == Kind::kName && base->name == "e")
      return Formula::of(Kind::kCall, {std::move(*exponent)}, "exp");
    return Formula::of(Kind::kPower, {std::move(*base), std::move(*exponent)});
  }

  Result atom() {
    if (token_.kind == Token::Kind::kNumeral) {
      const double number = token_.number;
      next();
      return Formula::of(number);
    }
    if (token_.is("(")) {
      next();
      Result inside = choice();
      if (!inside || !token_.is(")")) return {};
      next();
      return inside;
    }
    if (token_.kind != Token::Kind::kName) return {};
    const std::string name(token_.text);
    next();
    if (find_operation(name) == named_operations().size()) return Formula::of(name);
    return call(name);
  }

  // sin x, sqrt(x y), max(x, y)
  Result call(const std::string& name) {
    std::vector<Formula> arguments;
    if (!token_.is("(")) {
      Result argument = power();
      if (!argument) return {};
      arguments.push_back(std::move(*argument));
      return Formula::of(Kind::kCall, std::move(arguments), name);
    }
    do {
      next();
      Result argument = choice();
      if (!argument) return {};
      arguments.push_back(std::move(*argument));
    } while (token_.is(","));
    if (!token_.is(")")) return {};
    next();
    return Formula::of(Kind::kCall, std::move(arguments), name);
  }

  Tokens tokens_;
  Token token_;
};

using Rules = std::map<std::string_view, std::array<std::optional<Formula>, 2>, std::less<>>;

Rules read_all() {
  Rules rules;
  for (const ops::Info& info : ops::Elementary::infos) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (!info.derivatives[i].empty()) rules[info.name][i] = read_rule(info.derivatives[i]);
    }
  }
  return rules;
}

double apply_operation(std::string_view name, const std::vector<double>& x) {
  const std::size_t at = find_operation(name);
  if (at == named_operations().size()) return ops::kNaN;
  const NamedOperation& operation = named_operations()[at];
  if (operation.unary != nullptr && x.size() == 1) return std::get<double>(operation.unary(x[0]));
  if (operation.binary != nullptr && x.size() == 2)
    return std::get<double>(operation.binary(x[0], x[1]));
  return ops::kNaN;
}

bool compare(std::string_view sign, double x, double y) {
  if (sign == ">") return x > y;
  if (sign == "<") return x < y;
  if (sign == ">=") return x >= y;
  if (sign == "<=") return x <= y;
  return sign == "==" ? x == y : x != y;
}

}  // namespace

std::optional<Formula> read_rule(std::string_view text) try {
  return Reader(text).read();
} catch (const Error&) {  // of the tokens
  return {};
}

const Formula* local_rule(std::string_view name, std::size_t i) {
  static const Rules rules = read_all();
  const auto found = rules.find(name);
  if (found == rules.end() || i > 1 || !found->second[i]) return nullptr;
  return &*found->second[i];
}

double evaluate(const Formula& f) {
  std::vector<double> x;
  if (f.kind != Kind::kChoice) {
    for (const Formula& part : f.parts) x.push_back(evaluate(part));
  }
  switch (f.kind) {
    case Kind::kNumber:
      return f.number;
    case Kind::kName:
      return f.name == "pi" ? std::numbers::pi : f.name == "e" ? std::numbers::e : ops::kNaN;
    case Kind::kWords:
      return ops::kNaN;
    case Kind::kSum: {
      double sum = x[0];
      for (std::size_t i = 1; i < x.size(); ++i) sum += x[i];
      return sum;
    }
    case Kind::kProduct: {
      double product = x[0];
      for (std::size_t i = 1; i < x.size(); ++i) product *= x[i];
      return product;
    }
    case Kind::kQuotient:
      return x[0] / x[1];
    case Kind::kNegative:
      return -x[0];
    case Kind::kPower:
      return std::pow(x[0], x[1]);
    case Kind::kCall:
      return apply_operation(f.name, x);
    case Kind::kComparison:
      return compare(f.name, x[0], x[1]) ? 1.0 : 0.0;
    case Kind::kChoice:
      return evaluate(f.parts[evaluate(f.parts[0]) != 0 ? 1 : 2]);
  }
  return ops::kNaN;
}

Exact evaluate_exactly(const Formula& f, const std::function<Exact(const std::string&)>& of) {
  const auto part = [&](std::size_t i) { return evaluate_exactly(f.parts[i], of); };
  switch (f.kind) {
    case Kind::kNumber:
      return exact(f.number);
    case Kind::kSum: {
      Exact sum = part(0);
      for (std::size_t i = 1; i < f.parts.size() && sum; ++i) sum = sum + part(i);
      return sum;
    }
    case Kind::kProduct: {
      Exact product = part(0);
      for (std::size_t i = 1; i < f.parts.size() && product; ++i) product = product * part(i);
      return product;
    }
    case Kind::kQuotient:
      return part(0) / part(1);
    case Kind::kNegative:
      return -part(0);
    case Kind::kPower:
      return power(part(0), part(1));
    case Kind::kChoice: {
      const Exact condition = part(0);
      if (!condition) return {};
      return part(condition->numerator != 0 ? 1 : 2);
    }
    case Kind::kCall:
      if (f.name == "step" || f.name == "sign") {
        const Exact x = part(0);
        return x ? exact(apply_operation(f.name, {x->value()})) : x;
      }
      return {};
    case Kind::kComparison: {
      const Exact x = part(0), y = part(1);
      if (!x || !y) return {};
      return exact(compare(f.name, x->value(), y->value()) ? 1.0 : 0.0);
    }
    case Kind::kName:
      return of(f.name);
    case Kind::kWords:
      return {};
  }
  return {};
}

}  // namespace autograd::detail
