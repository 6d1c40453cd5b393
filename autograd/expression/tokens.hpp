// The words of an expression: numbers, names, signs.
#pragma once

#include <cstddef>
#include <string_view>

namespace autograd::detail {

struct Token {
  enum class Kind { kNumeral, kName, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::size_t at = 0;  // where it begins, in bytes
  std::string_view text = {};
  double number = 0.0;

  bool is(std::string_view sign) const { return kind == Kind::kSign && text == sign; }
};

// Reads one token after the other. A copy reads ahead.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  // Throws: Error at a character that no expression has, or a number that no double is.
  Token next();

 private:
  void skip_blanks();
  Token number();
  [[noreturn]] void wrong_character() const;

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace autograd::detail
