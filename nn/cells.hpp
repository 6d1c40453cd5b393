// Cells: the text of a table, before it is known what its columns mean.
//
// Files as people have them: fields between commas, semicolons or tabs as in csv.hpp, or between any
// number of blanks and tabs; lines of remarks; numbers with a decimal comma.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nn {

struct CellOptions {
  bool header = true;          // else the columns are named 1, 2, 3, ...
  char separator = ',';        // ' ': any number of blanks and tabs
  std::string comment = {};    // lines that begin with this are passed over
  bool decimal_comma = false;  // 1,5 is 1.5
  std::size_t max_bytes = std::size_t{1} << 28;
};

struct Cells {
  struct Row {
    std::size_t line = 0;  // of the file, from 1
    // One for each column; empty where it is missing: empty, NA, NaN or ?, without quotes.
    std::vector<std::string> cells = {};
  };

  std::string source = "nn::Cells";  // what messages begin with: the name of the file
  std::vector<std::string> names = {};
  std::vector<Row> rows = {};

  // The place of a column.
  // Throws: Error, with all names, if there is none of this name.
  std::size_t column(std::string_view name) const;
  // These rows, in this order.
  Cells selected(std::span<const std::size_t> rows) const;
  // The rows in which a column has this text, and the others.
  std::pair<Cells, Cells> divided(std::string_view column, std::string_view text) const;
};

// Throws: Error that names the line, the column and what is wrong, as read_csv() does; if there are
//         no rows, two columns have one name, a separator cannot be one, or a decimal comma is the
//         separator too.
Cells read_cells(const std::filesystem::path& path, const CellOptions& options = {});
Cells parse_cells(std::string_view text, const CellOptions& options = {});

}  // namespace nn
