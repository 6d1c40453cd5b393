// Dijkstra's shunting-yard algorithm: operators wait on a stack until a weaker one, or the end of
// what they stand in, lets them go. The stack takes the place of recursion.
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include <autograd/expression/operations.hpp>
#include <autograd/expression/program.hpp>
#include <autograd/expression/syntax_errors.hpp>
#include <autograd/expression/text_error.hpp>
#include <autograd/expression/tokens.hpp>

namespace autograd::detail {

namespace {

using Code = ExpressionProgram::Code;
using Kind = Token::Kind;

struct Sign {
  std::string_view text, operation;
  int strength;
};
constexpr int kChoice = 1, kEquality = 2, kOrder = 3, kNegation = 6, kPower = 7;
constexpr std::array<Sign, 12> kBinary{{{"==", "eq", kEquality},
                                        {"!=", "ne", kEquality},
                                        {"<", "lt", kOrder},
                                        {"<=", "le", kOrder},
                                        {">", "gt", kOrder},
                                        {">=", "ge", kOrder},
                                        {"+", "add", 4},
                                        {"-", "sub", 4},
                                        {"*", "mul", 5},
                                        {"/", "div", 5},
                                        {"^", "pow", kPower},
                                        {"**", "pow", kPower}}};

// What waits on the stack.
struct Waiting {
  enum class Is { kOperator, kFirstSide, kOtherSide, kBracket, kCall, kVector };
  Is is;
  int strength = 0;             // of an operator or a choice; 0 of what must be closed
  std::uint32_t operation = 0;  // its place in the list
  std::size_t count = 0;        // arguments or elements so far
  std::size_t at = 0;
};
using Is = Waiting::Is;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(text) {}

  ExpressionProgram parse() {
    next();
    while (token_.is(";")) next();
    if (token_.kind == Kind::kEnd) fail("expected an expression, but there is none");
    for (;;) {
      statement();
      while (token_.is(";")) next();
      if (token_.kind == Kind::kEnd) return std::move(program_);
      emit({.code = Code::kDrop, .at = token_.at});
    }
  }

 private:
  void next() { token_ = tokens_.next(); }
  [[noreturn]] void fail(const std::string& message) const { fail_at(token_.at, message); }
  [[noreturn]] void fail_at(std::size_t at, const std::string& message) const {
    text_error(text_, at, message);
  }
  std::string found() const {
    return token_.kind == Kind::kEnd ? "the text ends here" : "there is " + quoted(token_.text);
  }
  void emit(const ExpressionProgram::Instruction& instruction) {
    program_.instructions.push_back(instruction);
  }

  // ---- statements ----

  void statement() {
    if (token_.kind == Kind::kName) {
      Tokens ahead = tokens_;
      if (ahead.next().is("=")) {
        const Token name = token_;
        next();
        next();
        if (name.text == "pi" || name.text == "e")
          fail_at(name.at, quoted(name.text) +
                               " is a constant and cannot be assigned; take "
                               "another name");
        expression();
        emit({.code = Code::kName, .operand = slot(name.text, true), .at = name.at});
        return;
      }
    }
    expression();
  }

  void expression() {
    do {
      operand();
    } while (more());
    reduce_all_operators();
    if (!stack_.empty()) fail_open(stack_.back());
  }

  // ---- where an operand must stand ----

  // Reads signs and opening brackets, and one number, name or empty end of them.
  void operand() {
    for (;;) {
      if (token_.kind == Kind::kNumeral) {
        emit({.code = Code::kPlainNumber, .number = token_.number, .at = token_.at});
        return next();
      }
      if (token_.kind == Kind::kName) {
        if (name_or_call()) return;
      } else if (token_.is("-")) {
        push({.is = Is::kOperator, .strength = kNegation, .operation = kNegate, .at = token_.at});
        next();
      } else if (token_.is("+")) {
        next();
      } else if (token_.is("(")) {
        push({.is = Is::kBracket, .at = token_.at});
        next();
      } else if (token_.is("[")) {
        push({.is = Is::kVector, .count = 1, .at = token_.at});
        next();
      } else {
        fail("expected a number, a name, a function or '(', but " + found());
      }
    }
  }

  // Whether it was a name: a call goes on with its first argument.
  bool name_or_call() {
    const Token name = token_;
    next();
    if (token_.is("(")) {
      const std::size_t operation = find_operation(name.text);
      if (operation == named_operations().size())
        fail_at(name.at, unknown_function(name.text, is_known(name.text)));
      push({.is = Is::kCall,
            .operation = static_cast<std::uint32_t>(operation),
            .count = 1,
            .at = name.at});
      next();
      if (token_.is(")")) fail_count(named_operations()[operation], 0, name.at);
      return false;
    }
    if (name.text == "pi" || name.text == "e") {
      const double number = name.text == "pi" ? 3.141592653589793 : 2.718281828459045;
      emit({.code = Code::kPlainNumber, .number = number, .at = name.at});
    } else {
      const bool is_applied = token_.kind == Kind::kName || token_.kind == Kind::kNumeral;
      if (is_applied && !is_known(name.text) &&
          find_operation(name.text) < named_operations().size())
        fail("expected '(' behind the function " + quoted(name.text) + ", but " + found());
      emit({.code = Code::kLoad, .operand = slot(name.text, false), .at = name.at});
    }
    return true;
  }

  // ---- where an operator may stand ----

  // Reads closing brackets and one operator; whether another operand must follow.
  bool more() {
    for (;;) {
      if (token_.is(")") || token_.is("]")) {
        close();
      } else if (token_.is("[")) {
        element();
      } else if (token_.is(",")) {
        return comma();
      } else if (token_.is("?")) {
        reduce_while([](const Waiting& top) { return top.strength > kChoice; });
        push({.is = Is::kFirstSide, .strength = kChoice, .at = token_.at});
        next();
        return true;
      } else if (token_.is(":")) {
        return colon();
      } else if (token_.kind == Kind::kEnd || token_.is(";")) {
        return false;
      } else {
        return binary();
      }
    }
  }

  bool binary() {
    const auto sign = std::find_if(kBinary.begin(), kBinary.end(),
                                   [&](const Sign& each) { return token_.is(each.text); });
    if (sign == kBinary.end()) fail(missing_operator(text_, token_));
    // Powers go to the right: they wait for one another. All others go to the left.
    const int strength = sign->strength;
    reduce_while([&](const Waiting& top) {
      if (top.strength == strength && (strength == kOrder || strength == kEquality))
        fail("comparisons do not chain: write (a < b) * (b < c) for a < b < c");
      return top.strength > strength || (top.strength == strength && strength != kPower);
    });
    push({.is = Is::kOperator,
          .strength = strength,
          .operation = static_cast<std::uint32_t>(find_operation(sign->operation)),
          .count = 2,
          .at = token_.at});
    next();
    return true;
  }

  bool colon() {
    reduce_while(
        [](const Waiting& top) { return top.strength > kChoice || top.is == Is::kOtherSide; });
    if (stack_.empty() || stack_.back().is != Is::kFirstSide)
      fail("':' without a '?' before it: a choice is written condition ? this : that");
    stack_.back().is = Is::kOtherSide;
    next();
    return true;
  }

  bool comma() {
    reduce_all_operators();
    if (stack_.empty() || stack_.back().is == Is::kBracket)
      fail("a ',' stands between the arguments of a function or the elements of a vector [x, y]");
    ++stack_.back().count;
    next();
    return true;
  }

  void close() {
    reduce_all_operators();
    if (stack_.empty())
      fail(quoted(token_.text) + " closes nothing: there is no bracket open before it");
    const Waiting open = stack_.back();
    if ((open.is == Is::kVector) != token_.is("]")) fail_open(open);
    stack_.pop_back();
    if (open.is == Is::kVector) {
      emit({.code = Code::kVector, .count = open.count, .at = open.at});
    } else if (open.is == Is::kCall) {
      const NamedOperation& operation = named_operations()[open.operation];
      if (open.count < operation.least || open.count > operation.most)
        fail_count(operation, open.count, open.at);
      emit({.code = Code::kCall, .operand = open.operation, .count = open.count, .at = open.at});
    }
    next();
  }

  // x[0] on what has just been read.
  void element() {
    const std::size_t at = token_.at;
    next();
    constexpr double kMost = 1e9;
    const double index = token_.number;
    if (token_.kind != Kind::kNumeral ||
        index != static_cast<double>(static_cast<long>(std::min(index, kMost))))
      fail("expected a whole number, the place of an element counted from 0, but " + found());
    next();
    if (!token_.is("]")) fail("expected ']' behind the place of an element, but " + found());
    emit({.code = Code::kElement, .count = static_cast<std::size_t>(index), .at = at});
    next();
  }

  // ---- the stack ----

  void push(const Waiting& waiting) { stack_.push_back(waiting); }

  template <class Condition> void reduce_while(const Condition& condition) {
    while (!stack_.empty() && stack_.back().strength > 0 && condition(stack_.back())) reduce();
  }
  void reduce_all_operators() {
    reduce_while([](const Waiting&) { return true; });
  }
  void reduce() {
    const Waiting top = stack_.back();
    if (top.is == Is::kFirstSide)
      fail("expected ':' for the '?' at column " + column_of(text_, top.at) + ", but " + found());
    stack_.pop_back();
    if (top.is == Is::kOtherSide) {
      emit({.code = Code::kCall, .operand = kSelect, .count = 3, .at = top.at});
    } else {
      emit({.code = Code::kCall,
            .operand = top.operation,
            .count = top.operation == kNegate ? std::size_t{1} : 2,
            .at = top.at});
    }
  }

  // ---- names ----

  bool is_known(std::string_view name) const { return slots_.find(name) != slots_.end(); }

  std::uint32_t slot(std::string_view name, bool is_given) {
    const auto [entry, is_new] =
        slots_.try_emplace(std::string(name), static_cast<std::uint32_t>(slots_.size()));
    if (is_new) {
      program_.names.emplace_back(name);
      program_.is_assigned.push_back(false);
      if (!is_given) program_.variables.emplace_back(name);
    }
    if (is_given) program_.is_assigned[entry->second] = true;
    return entry->second;
  }

  // ---- errors ----

  [[noreturn]] void fail_open(const Waiting& open) const {
    const bool is_vector = open.is == Is::kVector;
    std::string sign = "'('";
    if (is_vector) sign = "'['";
    if (open.is == Is::kCall)
      sign = quoted(std::string(named_operations()[open.operation].name) + "(");
    fail("expected '" + std::string(is_vector ? "]" : ")") + "' for the " + sign + " at column " +
         column_of(text_, open.at) + ", but " + found());
  }

  [[noreturn]] void fail_count(const NamedOperation& operation, std::size_t given,
                               std::size_t at) const {
    fail_at(at, wrong_count(operation, given));
  }

  const std::uint32_t kNegate = static_cast<std::uint32_t>(find_operation("neg"));
  const std::uint32_t kSelect = static_cast<std::uint32_t>(find_operation("select"));

  std::string_view text_;
  Tokens tokens_;
  Token token_;
  ExpressionProgram program_;
  std::vector<Waiting> stack_;
  std::map<std::string, std::uint32_t, std::less<>> slots_;
};

}  // namespace

ExpressionProgram parse_expression(std::string_view text) { return Parser(text).parse(); }

}  // namespace autograd::detail
