// An expression and the numbers of its names, as they stand on the command line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <autograd/autograd.hpp>

namespace cli {

// An expression with numbers for all its names, recorded.
struct Problem {
  struct Input {
    std::string name;  // x, or v[0]
    autograd::Value value;
  };

  autograd::Expression expression;
  autograd::Variables given;       // numbers that were given
  std::vector<std::string> names;  // of those, in the order in which they were given
  autograd::Value result;
  std::string result_name;    // its label, or f
  std::vector<Input> inputs;  // the leaves

  // Throws: Failure if there is no input of this name; the message lists those there are.
  const autograd::Value& input(const std::string& name) const;
};

// The arguments EXPRESSION NAME=NUMBER... of a subcommand.
class ProblemArguments {
 public:
  // What to do with names that were given no number.
  enum class Missing { kError, kOne };

  void add_to(CLI::App& command);
  // Throws: Failure or Error if the text is no expression, a name has no number, or one too many.
  Problem read(Missing missing = Missing::kError) const;

  // The two parts, for subcommands whose names stand for more than numbers.
  std::string text() const;
  std::vector<std::string> assignments() const;

 private:
  std::string file_;
  std::vector<std::string> words_;
};

// "x=-3..3" -> x, "-3..3".
// Throws: Failure if this is no assignment.
std::pair<std::string, std::string> assignment(const std::string& word);

// Gives a name its number, 2, pi/2 or 1e-3, or its vector of numbers, [1, 2, 3].
// Throws: Failure if the text is neither.
void assign(autograd::Variables& variables, const std::string& name, const std::string& text);

// Throws: Failure if a name has no number, or a number no name.
void require_names(const autograd::Expression& expression, const autograd::Variables& given);

// Evaluates the expression; all names are to have numbers, and are `names` in any order.
Problem problem_of(const autograd::Expression& expression, const autograd::Variables& given,
                   const std::vector<std::string>& names);

}  // namespace cli
