#include "nn/text/csv_reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

namespace {

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hexadecimal(char c) {
  return is_decimal_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

bool looks_like_number(std::string_view text) {
  while (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    return !text.empty() && std::ranges::all_of(text, is_hexadecimal);
  }
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view digits = text.substr(exponent + 1);
    if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
    if (digits.empty() || !std::ranges::all_of(digits, is_decimal_digit)) return false;
    text = text.substr(0, exponent);
  }
  const auto may_stand = [](char c) {
    return is_decimal_digit(c) || std::string_view(".,'_ ").find(c) != std::string_view::npos;
  };
  return std::ranges::any_of(text, is_decimal_digit) && std::ranges::all_of(text, may_stand);
}

std::optional<double> number_in(std::string_view text) {
  double x = 0;
  if (autograd::text::read_number(text, x) != autograd::text::Reading::kNumber) return {};
  return x;
}

void check_separator(const std::string& what, char separator) {
  const bool is_part_of_numbers = is_decimal_digit(separator) || is_letter(separator) ||
                                  separator == '.' || separator == '+' || separator == '-';
  const bool is_control =
      (separator >= 0 && separator < ' ' && separator != '\t') || separator == '\x7f';
  if (!is_part_of_numbers && !is_control && separator != '"' && separator != ' ') return;
  fail(
      what,
      "a separator that is not a quote, a blank, a control character or a part of numbers or words",
      "the character " + std::to_string(static_cast<int>(separator)));
}

CsvReader::CsvReader(std::string_view text, char separator, std::string what, std::string comment)
    : text_(text), separator_(separator), what_(std::move(what)), comment_(std::move(comment)) {
  if (separator != ' ') check_separator(what_, separator);
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

bool CsvReader::next(std::vector<Field>& fields) {
  fields.clear();
  while (at_ < text_.size()) {
    line_ = next_line_;
    skip_blanks();
    if (at_comment()) skip_line();
    if (!at_end_of_line()) break;
    skip_end_of_line(0);
  }
  if (at_ >= text_.size()) return false;
  for (;;) {
    fields.push_back(field(fields.size()));
    if (separator_ == ' ') skip_blanks();
    if (at_end_of_line()) break;
    if (separator_ != ' ') ++at_;
  }
  skip_end_of_line(fields.size() - 1);
  return true;
}

CsvReader::Field CsvReader::field(std::size_t column) {
  skip_blanks();
  if (at_ < text_.size() && text_[at_] == '"') return {quoted_field(column), true};
  const std::size_t begin = at_;
  while (!at_end_of_line() && !is_separator(text_[at_])) {
    check_character(column);
    if (text_[at_] == '"') {
      fail_at(column, "a quote only around a whole field",
              "one within " + excerpt(text_.substr(begin, at_ + 1 - begin)));
    }
    ++at_;
  }
  return {std::string(trimmed(text_.substr(begin, at_ - begin))), false};
}

// Leaves at_ at the separator or the end of the line.
std::string CsvReader::quoted_field(std::size_t column) {
  std::string result;
  const std::size_t opening_line = next_line_;
  for (++at_;; ++at_) {
    if (at_ == text_.size()) {
      fail_at_line(opening_line, column, "a quote that is closed", "the end of the text");
    }
    if (text_[at_] == '"') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
      ++at_;
    } else if (text_[at_] == '\n') {
      ++next_line_;
    } else if (text_[at_] != '\r') {
      check_character(column);
    }
    result += text_[at_];
  }
  ++at_;
  if (separator_ != ' ') skip_blanks();
  if (!at_end_of_line() && !is_separator(text_[at_])) {
    check_character(column);
    fail_at(column, "a separator or the end of the line after " + excerpt(result),
            excerpt(text_.substr(at_, 1)));
  }
  return result;
}

bool CsvReader::is_separator(char c) const {
  return c == separator_ || (separator_ == ' ' && c == '\t');
}

bool CsvReader::at_comment() const {
  return !comment_.empty() && text_.substr(at_).starts_with(comment_);
}

void CsvReader::skip_line() {
  while (!at_end_of_line()) ++at_;
}

bool CsvReader::at_end_of_line() const {
  return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvReader::skip_end_of_line(std::size_t column) {
  if (at_ >= text_.size()) return;
  if (text_[at_] == '\r' && text_.substr(at_, 2) != "\r\n") {
    fail_at(column, "lines that end in LF or CRLF", "a CR alone");
  }
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++next_line_;
}

void CsvReader::skip_blanks() {
  const auto is_blank = [this](char c) {
    return (c == ' ' || c == '\t') && (separator_ == ' ' || c != separator_);
  };
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
}

void CsvReader::check_character(std::size_t column) const {
  const auto code = static_cast<unsigned char>(text_[at_]);
  if ((code < 0x20 && code != '\t') || code == 0x7f) {
    fail_at(column, "text",
            "the control character " + std::to_string(code) + ", as in files of other kinds");
  }
}

void CsvReader::fail_at(std::size_t column, const std::string& expected,
                        const std::string& given) const {
  fail_at_line(line_, column, expected, given);
}

void CsvReader::fail_at_line(std::size_t line, std::size_t column, const std::string& expected,
                             const std::string& given) const {
  fail(what_ + ", line " + std::to_string(line) + ", column " + std::to_string(column + 1),
       expected, given);
}

bool is_missing(const CsvReader::Field& field) {
  if (field.text.empty()) return true;
  if (field.quoted) return false;
  return field.text == "NA" || field.text == "?" || std::isnan(number_in(field.text).value_or(0));
}

}  // namespace nn::detail
