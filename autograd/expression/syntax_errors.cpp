#include "autograd/expression/syntax_errors.hpp"

#include <cctype>
#include <vector>

#include <autograd/expression/text_error.hpp>

namespace autograd::detail {

namespace {

bool is_part_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || c == '.' || c == '_' || std::isalnum(byte) != 0;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Whether a line ends among the blanks before a place.
bool begins_line(std::string_view text, std::size_t at) {
  while (at > 0 && is_blank(text[at - 1]))
    if (text[--at] == '\n') return true;
  return false;
}

// The word, or the sign, that ends before a place; blanks aside.
std::string left_of(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 20;
  while (at > 0 && is_blank(text[at - 1])) --at;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongest && is_part_of_word(text[begin - 1])) --begin;
  if (begin == at && at > 0) --begin;
  return std::string(text.substr(begin, at - begin));
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 30;
  std::string result = "'";
  result.append(text.substr(0, kShown)).append(text.size() > kShown ? "...'" : "'");
  return result;
}

std::string column_of(std::string_view text, std::size_t at) {
  const std::size_t newline = text.substr(0, at).rfind('\n');
  std::size_t characters = 0;
  for (std::size_t i = newline == std::string_view::npos ? 0 : newline + 1; i <= at; ++i)
    characters += (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 ? 1 : 0;
  return std::to_string(characters);
}

std::string missing_operator(std::string_view text, const Token& token) {
  if (token.is("=")) {
    return "'=' gives a name to the value of a whole statement, as in h = x + 1; to compare, "
           "write ==";
  }
  const bool is_product =
      token.kind == Token::Kind::kNumeral || token.kind == Token::Kind::kName || token.is("(");
  const std::string left = left_of(text, token.at);
  if (is_product && !left.empty()) {
    constexpr std::size_t kShown = 30;
    if (begins_line(text, token.at))
      return "expected an operator or ';' between " + quoted(left) + " and " + quoted(token.text) +
             "; the end of a line does not end a statement, ';' does";
    return "expected an operator between " + quoted(left) + " and " + quoted(token.text) +
           "; a product is written with a star: " + left + "*" +
           std::string(token.text.substr(0, kShown));
  }
  return "expected an operator, ';' or the end, but " + (token.kind == Token::Kind::kEnd
                                                             ? "the text ends here"
                                                             : "there is " + quoted(token.text));
}

std::string unknown_function(std::string_view name, bool is_number) {
  std::vector<std::string_view> known;
  for (const NamedOperation& each : named_operations()) known.push_back(each.name);
  std::string hint = did_you_mean(name, known);
  if (hint.empty() && (is_number || name.size() == 1))
    hint = "; a product is written with a star: " + std::string(name) + "*(";
  return "unknown function " + quoted(name) + hint;
}

std::string wrong_count(const NamedOperation& operation, std::size_t given) {
  std::string wanted = std::to_string(operation.least);
  if (operation.most > operation.least) wanted += " or " + std::to_string(operation.most);
  const bool is_vector = operation.shape == Shape::kVector || operation.shape == Shape::kSoftmax;
  std::string result = quoted(operation.name) + " takes " + wanted +
                       (operation.most == 1 ? " argument, but " : " arguments, but ") +
                       std::to_string(given) + " are given";
  if (is_vector) {
    result.append("; a vector is written in brackets: ").append(operation.name);
    result.append("([x, y, z])");
  }
  return result;
}

}  // namespace autograd::detail
