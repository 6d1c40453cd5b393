// CSV: tables of numbers and classes, from text files and back.
//
// RFC 4180: fields between commas, in "..." if they hold a comma, a line break or a quote (then
// twice), lines that end in LF or CRLF.
// Beyond that, blanks around a field, empty lines and a byte order mark are passed over.
// Numbers are read and written alike in every locale.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nn/data.hpp>

namespace nn {

// What to do with an input that is missing: one that is empty, NA, NaN or ?.
// A missing target is always an error.
enum class Missing { kError, kNumber, kColumnMean };

// The numbers that stand for classes: one for each, 0 but for a 1; or, for two classes, one number.
enum class ClassTargets { kOneHot, kZeroOne, kPlusMinusOne };

struct CsvOptions {
  bool header = true;  // else the columns are named 1, 2, 3, ...
  // No quote, control character but a tab, letter, digit, . + or -. ' ': any number of blanks and tabs.
  char separator = ',';

  // The names of the columns to predict, in this order; if none, the last column.
  // The other columns are the inputs.
  std::vector<std::string> targets = {};

  Missing missing = Missing::kError;
  double missing_number = 0;  // with Missing::kNumber

  // A single target without any number in it has the names of classes. They are in
  // natural order (1, 2, 10; names by their bytes), or in that of `classes`, which a second file needs
  // to be read as the first.
  // A text that looks like a number in another form, as 1,5 or 0x1F, is no name unless
  // numbers_are_classes or `classes` says so.
  ClassTargets class_targets = ClassTargets::kOneHot;
  bool numbers_are_classes = false;  // 1, 2, 3 are names too
  std::vector<std::string> classes = {};

  std::size_t max_bytes = std::size_t{1} << 28;
};

// Throws: Error that names the line, the column and what is wrong: a quote that is not closed or in
//         the wrong place, a line with more or fewer fields than the first, a field that is no
//         number, is missing or too large, an unknown class or column, two columns of one name,
//         numbers where the names of columns should be, control characters (the file is not text),
//         no rows at all, more than 1000 classes, a mean of numbers that are not finite.
//         A file also if it cannot be read, is no regular file or is too long.
Table read_csv(const std::filesystem::path& path, const CsvOptions& options = {});
Table parse_csv(std::string_view text, const CsvOptions& options = {});

// The inputs, then the targets; numbers so that they read back to the same bits, classes by their
// names. The first line has the names of the columns if there are any.
// parse_csv() reads back what is written here, with options that say what the text does not: that
// there is no header, which targets there are if not one, the order of classes that are not sorted,
// that numbers are classes, what to take for an input that is NaN.
//
// Throws: Error if there are no rows or no inputs, rows have different lengths, names do not fit
//         them, a target is NaN or not that of a class, two columns or two classes have one name, or
//         the text could not be read back for another reason: see read_csv().
//         The file appears whole or not at all.
std::string to_csv(const Table& table, char separator = ',');
void write_csv(const std::filesystem::path& path, const Table& table, char separator = ',');

}  // namespace nn
