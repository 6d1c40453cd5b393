// CSV text, line by line, as text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nn::detail {

// Blanks and tabs on both sides taken away.
std::string_view trimmed(std::string_view text);

// More, and a column of names or remarks has been taken for one of classes.
inline constexpr std::size_t kMostClasses = 1000;

// Whether a text looks like a number: digits with at most points, commas, apostrophes, underscores,
// blanks, signs in front and an exponent between and around them, or a hexadecimal number.
// Most that do and cannot be read were written by another program in another form, as 1,5 or 0x1F.
bool looks_like_number(std::string_view text);
// The number that the text is, if it is one in the range of double.
std::optional<double> number_in(std::string_view text);

// Throws: Error if fields cannot be told apart by this separator, as it may be part of a number, is
//         a quote, a blank, a line break or 0.
void check_separator(const std::string& what, char separator);

// Throws: Error, with line and column, where the text is not CSV.
class CsvReader {
 public:
  struct Field {
    std::string text;  // without the quotes or, if it had none, the blanks around it
    bool quoted = false;
  };

  // `what` begins the messages. The text must outlive this. The separator ' ' stands for any number
  // of blanks and tabs; those at both ends of a line are passed over. So are lines that begin with
  // `comment`, if that is not empty.
  CsvReader(std::string_view text, char separator, std::string what, std::string comment = {});

  // Reads the next line that has anything in it, which may go on over several if quoted.
  // False at the end.
  bool next(std::vector<Field>& fields);
  // Where the fields of the last next() began; lines count from 1.
  std::size_t line() const { return line_; }

  // Columns count from 0 here and from 1 in messages. The line is that of line().
  [[noreturn]] void fail_at(std::size_t column, const std::string& expected,
                            const std::string& given) const;

 private:
  Field field(std::size_t column);
  std::string quoted_field(std::size_t column);
  bool is_separator(char c) const;
  bool at_end_of_line() const;
  bool at_comment() const;
  void skip_line();
  void skip_end_of_line(std::size_t column);
  void skip_blanks();
  void check_character(std::size_t column) const;
  [[noreturn]] void fail_at_line(std::size_t line, std::size_t column, const std::string& expected,
                                 const std::string& given) const;

  std::string_view text_;
  char separator_;
  std::string what_, comment_;
  std::size_t at_ = 0, line_ = 0, next_line_ = 1;
};

// Whether nothing is there: an empty field, or without quotes NA, NaN or ?.
bool is_missing(const CsvReader::Field& field);

}  // namespace nn::detail
