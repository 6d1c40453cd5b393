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
  bool header = true;    // else the columns are named 1, 2, 3, ...
  char separator = ',';  // any character but a quote, a blank or a line break

  // The names of the columns to predict, in this order; if none, the last column.
  // The other columns are the inputs.
  std::vector<std::string> targets = {};

  Missing missing = Missing::kError;
  double missing_number = 0;  // with Missing::kNumber

  // A single target without any number in it has the names of classes. Their order is that of the
  // alphabet (of their bytes), or of `classes`, which a second file needs to be read as the first.
  ClassTargets class_targets = ClassTargets::kOneHot;
  bool numbers_are_classes = false;  // 1, 2, 3 are names too
  std::vector<std::string> classes = {};

  std::size_t max_bytes = std::size_t{1} << 28;
};

// Throws: Error that names the line, the column and what is wrong: a quote that is not closed or in
//         the wrong place, a line with more or fewer fields than the first, a field that is no
//         number, is missing or too large, an unknown class or column, two columns of one name,
//         numbers where the names of columns should be, control characters (the file is not text),
//         no rows at all, more than 1000 classes. A file also if it cannot be read, is no regular
//         file or is too long.
Table read_csv(const std::filesystem::path& path, const CsvOptions& options = {});
Table parse_csv(std::string_view text, const CsvOptions& options = {});

// The inputs, then the targets; numbers so that they read back to the same bits, classes by their
// names. The first line has the names of the columns if there are any.
// Throws: Error if rows have different lengths, names do not fit them, or a target is not that of a
//         class. The file appears whole or not at all.
std::string to_csv(const Table& table, char separator = ',');
void write_csv(const std::filesystem::path& path, const Table& table, char separator = ',');

}  // namespace nn
