#include "autograd/expression/tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include <autograd/expression/text_error.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

// Longer signs before those that they begin with.
constexpr std::array<std::string_view, 22> kSigns = {"**", "==", "!=", "<=", ">=", "+", "-", "*",
                                                     "/",  "^",  "<",  ">",  "?",  ":", "=", "(",
                                                     ")",  "[",  "]",  ",",  ";",  "."};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// How many bytes at the beginning of the text are one letter of a name, 0 if none is. Beyond ASCII:
// Latin, Greek and Cyrillic letters.
std::size_t letter_bytes(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return is_letter(text[0]) ? 1 : 0;
  const text::Character character = text::first_character(text);
  if (!character.code) return 0;
  const char32_t c = *character.code;
  const bool is_latin = c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7;
  const bool is_greek_or_cyrillic = c >= 0x370 && c < 0x530 && c != 0x37e && c != 0x387;
  return is_latin || is_greek_or_cyrillic ? character.bytes : 0;
}

// Signs of typeset formulas, and what to type for them.
constexpr std::pair<std::string_view, std::string_view> kTypeset[] = {
    {"−", "-"},     {"–", "-"},          {"×", "*"},  {"·", "*"},
    {"⋅", "*"},     {"÷", "/"},          {"²", "^2"}, {"³", "^3"},
    {"≤", "<="},    {"≥", ">="},         {"≠", "!="}, {"√", "sqrt()"},
    {"∑", "sum()"}, {"{", "("},          {"}", ")"},  {"&", "* (of two comparisons)"},
    {"|", "abs()"}, {"!", "!= or 1 - x"}};

}  // namespace

void Tokens::skip_blanks() {
  for (;;) {
    while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r')))
      ++at_;
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with('#') && !rest.starts_with("//")) return;
    at_ = std::min(text_.find('\n', at_), text_.size());
  }
}

Token Tokens::next() {
  skip_blanks();
  Token token{.at = at_};
  if (at_ == text_.size()) return token;
  const std::string_view rest = text_.substr(at_);
  if (is_digit(rest[0]) || (rest[0] == '.' && rest.size() > 1 && is_digit(rest[1])))
    return number();
  std::size_t length = letter_bytes(rest);
  if (length > 0) {
    for (std::size_t more = length; more > 0; length += more) {
      const std::string_view behind = rest.substr(length);
      more = !behind.empty() && is_digit(behind[0]) ? 1 : letter_bytes(behind);
      if (more == 0) break;
    }
    token.kind = Token::Kind::kName;
  } else {
    const auto sign = std::find_if(kSigns.begin(), kSigns.end(),
                                   [&](std::string_view each) { return rest.starts_with(each); });
    if (sign == kSigns.end()) wrong_character();
    length = sign->size();
    token.kind = Token::Kind::kSign;
  }
  token.text = rest.substr(0, length);
  at_ += length;
  return token;
}

// The 0x of a hexadecimal number is not part of what std::from_chars reads.
Token Tokens::number() {
  const bool is_hexadecimal =
      text_.substr(at_).starts_with("0x") || text_.substr(at_).starts_with("0X");
  Token token{.kind = Token::Kind::kNumeral, .at = at_};
  const char* const begin = text_.data() + at_ + (is_hexadecimal ? 2 : 0);
  const auto [end, error] =
      std::from_chars(begin, text_.data() + text_.size(), token.number,
                      is_hexadecimal ? std::chars_format::hex : std::chars_format::general);
  if (error == std::errc::invalid_argument || (is_hexadecimal && *begin == '-'))
    text_error(text_, at_ + 2, "expected hexadecimal digits after 0x, as in 0x1f or 0x1.8p3");
  token.text = text_.substr(at_, static_cast<std::size_t>(end - text_.data()) - at_);
  if (error == std::errc::result_out_of_range) {
    text_error(text_, at_,
               "the number " + std::string(token.text.substr(0, 30)) +
                   " is too large or too small for a double, which goes from 5e-324 to 1.8e308");
  }
  at_ += token.text.size();
  return token;
}

void Tokens::wrong_character() const {
  const std::string_view rest = text_.substr(at_);
  for (const auto& [typeset, typed] : kTypeset) {
    if (rest.starts_with(typeset)) {
      text_error(text_, at_,
                 "'" + std::string(typeset) + "' is not a sign of an expression; type " +
                     std::string(typed) + " instead");
    }
  }
  const text::Character character = text::first_character(rest);
  if (!character.code) text_error(text_, at_, "this byte is no character of UTF-8");
  text_error(
      text_, at_,
      *character.code < 0x20 || *character.code == 0x7f
          ? "a control character is not part of an expression"
          : "'" + std::string(rest.substr(0, character.bytes)) + "' is not part of an expression");
}

}  // namespace autograd::detail
