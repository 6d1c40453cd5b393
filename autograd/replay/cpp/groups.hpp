// Lines for a trace in which operations that are alike, as those of a layer's units are, become
// arrays that loops fill: `for (int i = 0; i < 64; ++i) a0[i] = std::tanh(a1[i]);`
//
// Operations are alike if they have the same code and the same operands, or operands that lie evenly
// in the same arrays: weights, inputs, results of other loops. Sums of products of such operands
// become loops too. Each sum keeps its order of additions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/replay/cpp/text.hpp>

namespace autograd::detail {

class GroupedText {
 public:
  // kSum: row means, which stand for sums over the rows, are added to in the row.
  enum Stage : std::uint8_t { kBefore, kInRow, kAfter };
  struct Names {
    std::string arrays, sums;  // how they begin
  };

  // Places of the leaves. Nothing is grouped in traces that are short enough to be read.
  // has_copies: whether leaves may be copied so that they lie side by side, 64 kB of them.
  GroupedText(const Trace& trace, std::vector<Stage> stages, std::vector<Place> parameters,
              std::vector<Place> inputs, cpp::Lines& lines, std::string& text, Names names,
              bool has_copies);

  // Arrays, and sums that are 0.
  void declare(const std::string& indent);
  void write(Stage stage, const std::string& indent);
  std::string name(Trace::Node node) const;
  // Assignments to += factor * from, in any order.
  struct Assignment {
    Place to;
    Trace::Node from;
  };
  void assign(std::vector<Assignment> all, const std::string& factor, const std::string& indent);

 private:
  using Node = Trace::Node;
  // What an operand is to the operations of a family, by the numbers i and j of an operation.
  struct Operand {
    std::uint32_t array;  // or kNone: the same node for all
    Node node;
    std::int64_t first, by_i, by_j;
  };
  struct Family {
    Node node;  // the first
    Stage stage;
    std::uint32_t level;
    std::size_t rows, columns;  // operation i * columns + j
    std::vector<Operand> operands;
    std::uint32_t array;
    std::uint32_t group;  // the family in whose loop it is
    std::string name;     // of a result within the loop
  };
  struct Array {
    std::string name, row;
    std::size_t size;  // 0 of one of leaves
    std::uint32_t family;
  };
  struct Location {
    std::uint32_t array = kNone;  // or a node with a name of its own
    std::int64_t index = 0;
  };
  struct Run {
    std::size_t first, count;
    std::vector<std::int64_t> step;  // of the operands; or empty, where they do not lie evenly
  };
  // Sums of a family that are added up together.
  struct Units {
    std::uint32_t family;
    std::vector<Run> runs;            // that of a loop last
    std::vector<std::string> copies;  // of the operands of a term, or empty
    std::string sums;
  };
  using Entry = std::pair<std::int64_t, std::string>;  // factor, number of a loop

  void place_leaves(std::vector<Place> parameters, std::vector<Place> inputs);
  void find_families();
  void split(std::span<const Node> alike, std::uint32_t level);
  void add_family(std::span<const Node> nodes, std::uint32_t level, std::size_t columns);
  void join_groups();
  bool is_joined(const Family& family, const Family& user, std::size_t operand) const;
  void write_group(std::uint32_t root, const std::string& indent);
  std::string result_of(ReplayCode c, std::span<const Operand> operands, const std::string& indent);
  std::string sum_of(ReplayCode c, std::span<const Operand> operands, const std::string& indent);
  std::vector<Run> runs_of(ReplayCode c, std::span<const Operand> operands) const;
  std::string term_of(ReplayCode c, std::span<const Operand> operands, std::size_t i,
                      std::span<const std::int64_t> steps) const;
  std::string plain_terms(ReplayCode c, std::span<const Operand> operands, const Run& run,
                          std::string sum) const;
  void find_units();
  void declare_copies(const std::string& indent);
  std::string copy_of(const Units& units, std::size_t k) const;
  void write_units(const Units& units, const std::string& indent);
  std::string text_of(const Operand& operand, std::int64_t step = 0) const;
  std::string entry(std::uint32_t array, std::int64_t first, std::span<const Entry> entries) const;
  void add(const std::string& indent, const std::string& line) { text_ += indent + line + "\n"; }

  const Trace& trace_;
  const std::vector<Stage> stages_;
  cpp::Lines& lines_;
  std::string& text_;
  const Names prefix_;
  const bool has_copies_, is_grouped_;
  std::vector<Location> at_;        // of nodes
  std::vector<std::string> names_;  // of those that have one
  std::vector<std::uint32_t> level_;
  std::vector<Array> arrays_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> array_of_;
  std::vector<Family> families_;
  std::vector<std::pair<std::size_t, std::size_t>> shape_;  // of the loops of a group
  std::vector<Units> units_;
  std::size_t sums_ = 0;
};

}  // namespace autograd::detail
