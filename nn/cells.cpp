#include "nn/cells.hpp"

#include <algorithm>
#include <new>
#include <set>

#include <autograd/file.hpp>
#include <nn/text/csv_reader.hpp>
#include <nn/text/errors.hpp>

namespace nn {

using detail::counted;
using detail::CsvReader;
using Fields = std::vector<CsvReader::Field>;

namespace {

// "1,5" -> "1.5"; texts that are no numbers stay.
std::string with_point(const std::string& cell) {
  if (std::ranges::count(cell, ',') != 1 || !detail::looks_like_number(cell)) return cell;
  std::string result = cell;
  std::ranges::replace(result, ',', '.');
  return result;
}

void read_names(const CsvReader& reader, const Fields& fields, bool header, Cells& cells) {
  std::set<std::string> different;
  bool are_numbers = header;
  for (std::size_t j = 0; j < fields.size(); ++j) {
    cells.names.push_back(header ? fields[j].text : std::to_string(j + 1));
    are_numbers = are_numbers && detail::number_in(fields[j].text).has_value();
    if (!different.insert(cells.names.back()).second)
      reader.fail_at(j, "columns with different names",
                     detail::excerpt(cells.names.back()) + " again");
  }
  if (are_numbers)
    reader.fail_at(0, "the names of the columns (or CellOptions::header = false)", "numbers only");
}

Cells parse(std::string_view all, const CellOptions& options, std::string source) {
  if (options.decimal_comma && options.separator == ',')
    detail::fail(source, "a separator beside the decimal comma", "a comma too");
  CsvReader reader(all, options.separator, source, options.comment);
  Cells result{.source = std::move(source)};
  Fields fields;
  bool more = reader.next(fields);
  if (more) read_names(reader, fields, options.header, result);
  if (more && options.header) more = reader.next(fields);
  if (!more) detail::fail(result.source, "at least one row", "none");
  for (; more; more = reader.next(fields)) {
    const std::size_t count = result.names.size();
    if (fields.size() != count)
      reader.fail_at(std::min(fields.size(), count) - 1,
                     counted(count, "field") + ", as in the first line",
                     std::to_string(fields.size()));
    Cells::Row row{.line = reader.line()};
    for (const CsvReader::Field& field : fields) {
      row.cells.push_back(is_missing(field)       ? std::string()
                          : options.decimal_comma ? with_point(field.text)
                                                  : field.text);
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace

std::size_t Cells::column(std::string_view name) const {
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    detail::fail(source, "one of the columns " + detail::listed(names), detail::excerpt(name));
  return static_cast<std::size_t>(found - names.begin());
}

Cells Cells::selected(std::span<const std::size_t> chosen) const {
  Cells result{source, names, {}};
  for (const std::size_t row : chosen) {
    detail::check_index(source, row, rows.size());
    result.rows.push_back(rows[row]);
  }
  return result;
}

std::pair<Cells, Cells> Cells::divided(std::string_view name, std::string_view with) const {
  const std::size_t place = column(name);
  std::pair<Cells, Cells> result{{source, names, {}}, {source, names, {}}};
  for (const Row& row : rows)
    (row.cells[place] == with ? result.first : result.second).rows.push_back(row);
  return result;
}

Cells parse_cells(std::string_view text, const CellOptions& options) try {
  return parse(text, options, "nn::parse_cells");
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Cells read_cells(const std::filesystem::path& path, const CellOptions& options) try {
  const std::string text = autograd::file::read(path, options.max_bytes);
  return parse(text, options, "nn::read_cells: '" + path.string() + "'");
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
