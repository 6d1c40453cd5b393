// Numbers and tables as text, alike in every locale; characters of UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autograd::text {

// The shortest text that read_number() reads back to the same bits: "0.1", "-0", "1e+300"; "inf",
// "-inf" and, for every NaN, "nan".
std::string shortest(double x);

// x for people, with so many significant digits (1 to 17) and no zeros behind them: "0.3333",
// "-0.75", "6.667e-5". A number below a million keeps all digits before the point: 12345.6 is
// "12346" and not "1.235e4". "NaN", "inf", "-inf".
std::string rounded(double x, int digits);

// x with so many digits behind the point: "0.50". "nan", "inf", "-inf".
std::string fixed(double x, int decimals);

enum class Reading { kNumber, kNoNumber, kOutOfRange };

// Reads the whole of `text`, a decimal number with or without a sign, or what shortest() writes of
// numbers that are not finite, into x. x stays as it is unless the result is kNumber.
Reading read_number(std::string_view text, double& x);

using TableRow = std::vector<std::string>;

// The rows as lines, each column as wide as its widest cell, two blanks apart; without blanks at
// the end of a line. Width is counted in characters of UTF-8, not in bytes.
//
// `alignment` has a letter for each column, as in LaTeX: l puts its cells to the left, r to the
// right. The last letter stands for all columns that follow.
std::string table(const std::vector<TableRow>& rows, std::string_view alignment);

struct Character {
  std::size_t bytes = 1;
  std::optional<char32_t> code = {};  // nothing if these bytes are no character
};

// The first character of a text that is not empty, as UTF-8: no code point is written longer than
// it need be, and surrogates are none.
Character first_character(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace autograd::text
