#include "problem.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include <autograd/file.hpp>
#include <autograd/text.hpp>
#include "output.hpp"

namespace cli {

using autograd::Expression;
using autograd::Value;
using autograd::Variables;

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // of an expression in a file

bool is_name(const std::string& text) {
  const auto is_letter = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && is_letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& each : names) result += (result.empty() ? "" : ", ") + each;
  return result.empty() ? "none" : result;
}

// Leaves of a name: the number, or the elements of the vector.
void add_leaves(const std::string& name, const std::variant<Value, std::vector<Value>>& variable,
                std::vector<Problem::Input>& inputs) {
  // Another name for a leaf is none of its own.
  if (const Value* const number = std::get_if<Value>(&variable)) {
    if (number->is_leaf() && number->label() == name) inputs.push_back({name, *number});
    return;
  }
  const auto& elements = std::get<std::vector<Value>>(variable);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::string label = name + '[' + std::to_string(i) + ']';
    if (elements[i].is_leaf() && elements[i].label() == label)
      inputs.push_back({label, elements[i]});
  }
}

}  // namespace

const Value& Problem::input(const std::string& name) const {
  std::vector<std::string> all;
  for (const Input& each : inputs) {
    if (each.name == name) return each.value;
    all.push_back(each.name);
  }
  throw Failure("there is no input '" + name + "'; there are: " + listed(all));
}

std::pair<std::string, std::string> assignment(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || !is_name(word.substr(0, equals)) ||
      equals + 1 == word.size()) {
    throw Failure("expected NAME=NUMBER, as in x=2, got '" + word.substr(0, 40) + "'");
  }
  return {word.substr(0, equals), word.substr(equals + 1)};
}

void assign(Variables& variables, const std::string& name, const std::string& text) {
  double number = 0;
  if (autograd::text::read_number(text, number) == autograd::text::Reading::kNumber) {
    variables[name] = Value(number, name);
    return;
  }
  Variables result;
  try {
    Expression(name + " = " + text + "; 0").evaluate_into(result);
  } catch (const autograd::Error&) {
    throw Failure("expected a number or a vector as in [1, 2, 3] for '" + name + "', got '" +
                  text.substr(0, 40) + "'");
  }
  auto& variable = result.at(name);
  if (const Value* const value = std::get_if<Value>(&variable)) {
    variables[name] = Value(value->data(), name);
    return;
  }
  std::vector<Value> elements;
  for (const Value& each : std::get<std::vector<Value>>(variable))
    elements.emplace_back(each.data(), name + '[' + std::to_string(elements.size()) + ']');
  variables[name] = std::move(elements);
}

void require_names(const Expression& expression, const Variables& given) {
  const std::vector<std::string>& names = expression.variables();
  for (const auto& [name, number] : given)
    if (std::ranges::find(names, name) == names.end())
      throw Failure("the expression has no name '" + name + "'; it has: " + listed(names));
  for (const std::string& name : names)
    if (!given.contains(name))
      throw Failure("'" + name + "' has no number: add " + name + "=1 behind the expression");
}

Problem problem_of(const Expression& expression, const Variables& given,
                   const std::vector<std::string>& names) {
  Problem result{expression, given, names, {}, {}, {}};
  Variables all = given;
  result.result = expression.evaluate_into(all);
  result.result_name = result.result.label().empty() || result.result.is_leaf()
                           ? "f"
                           : std::string(result.result.label());
  for (const std::string& name : names) {
    add_leaves(name, given.at(name), result.inputs);
    all.erase(name);
  }
  for (const auto& [name, variable] : all) add_leaves(name, variable, result.inputs);
  return result;
}

void ProblemArguments::add_to(CLI::App& command) {
  command.add_option("expression", words_, "An expression in quotes, and the numbers of its names")
      ->type_name("EXPRESSION NAME=NUMBER...");
  command.add_option("-f,--file", file_, "Read the expression from a file")->type_name("FILE");
}

std::string ProblemArguments::text() const {
  if (!file_.empty()) return autograd::file::read(file_, kMostBytes);
  if (words_.empty())
    throw Failure("expected an expression, as in 'x^2' x=3 (or -f FILE), got none");
  return words_.front();
}

std::vector<std::string> ProblemArguments::assignments() const {
  if (!file_.empty() || words_.empty()) return words_;
  return {words_.begin() + 1, words_.end()};
}

Problem ProblemArguments::read(Missing missing) const {
  const Expression expression{text()};
  Variables given;
  std::vector<std::string> names;
  for (const std::string& word : assignments()) {
    const auto [name, number] = assignment(word);
    names.push_back(name);
    if (given.contains(name)) throw Failure("'" + name + "' is given two numbers");
    assign(given, name, number);
  }
  for (const std::string& name : expression.variables()) {
    if (missing == Missing::kError || given.contains(name)) continue;
    names.push_back(name);
    assign(given, name, "1");
  }
  require_names(expression, given);
  return problem_of(expression, given, names);
}

}  // namespace cli
