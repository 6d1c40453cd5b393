// What functions written as C++ have in common: lines for the operations of a trace, tables, and
// names of what lies in arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/cpp.hpp>
#include <autograd/replay/one_row.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

using Names = std::vector<std::string>;

std::string subscript(const std::string& array, const std::string& index);
std::string subscript(const std::string& array, std::size_t index);
Names subscripts(const std::string& array, std::size_t count);

// Tables, as lines in front of functions.
std::string table(const std::string& name, std::span<const double> entries);
std::string table(const std::string& name, std::span<const std::uint32_t> entries);

// What is computed as "x + y" would be, with the name of the result.
std::string written(ReplayCode c, std::span<const cpp::Code> operands);

// Which nodes lead to these.
std::vector<bool> needed_for(const Trace& trace, std::span<const Trace::Node> outputs);

// Lines for a trace, written part by part.
class TraceText {
 public:
  // loads: a leaf is read in a line of its own, once.
  TraceText(const Trace& trace, cpp::Lines& lines, Names parameters, Names inputs, bool loads)
      : trace_(trace),
        lines_(lines),
        parameters_(std::move(parameters)),
        inputs_(std::move(inputs)),
        loads_(loads),
        names_(trace.size()) {}

  // Those of the nodes that have no name yet.
  // Throws: Error if C++ has no functions for an operation.
  void write(const std::vector<bool>& which);
  void set_name(Trace::Node node, std::string name) { names_[node] = std::move(name); }
  const std::string& name(Trace::Node node) const { return names_[node]; }
  Names outputs() const;

 private:
  const Trace& trace_;
  cpp::Lines& lines_;
  Names parameters_, inputs_;
  bool loads_;
  Names names_;  // of nodes
};

// array[row + index], where `row` depends on the row of a loop; or an expression, if there is no array.
struct Place {
  std::string array, row;
  std::int64_t index;

  std::string text() const;
};
// The sum of these, with nothing that is empty or 0.
std::string index_text(const std::string& row, std::int64_t index);

// The arrays in which the variables of a function lie, or derivatives by them.
struct ArraysText {
  std::string parameters, inputs;
  std::size_t parameter_count;

  Place place(std::size_t variable) const;
  std::string variable(std::size_t i) const { return place(i).text(); }
  // The entry of a column in row r. Where a column has a list, its entries are `offset` behind those
  // of the table `places`.
  Place place(const Column& column, std::size_t rows, const std::string& places,
              std::int64_t offset = 0) const;
  std::string entry(const Column& column, std::size_t rows, const std::string& places) const {
    return place(column, rows, places).text();
  }
};

// The first and the last of the variables in a column.
std::pair<std::int64_t, std::int64_t> range_of(const Column& column, std::size_t rows);

// So that derivatives begin at 0.
std::string zeros(const std::string& array, std::size_t first, std::size_t count);

}  // namespace autograd::detail
