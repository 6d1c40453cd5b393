// Text in the language of Graphviz: what all drawings are written with.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace autograd::detail {

// `text`, which is meant to be UTF-8, as it can stand in a label, cut after `longest` characters.
// It is shown as it is: characters that mean something to Graphviz are escaped, and those that
// cannot be shown become the replacement character. `line_break` stands for each end of a line.
std::string escaped(std::string_view text, std::size_t longest, std::string_view line_break);

// An attribute with its value as it stands in the file.
struct DotAttribute {
  std::string_view name;
  std::string value;
};

// A word or a number.
DotAttribute bare(std::string_view name, std::string_view value);
// "value", for a value without characters that mean something to Graphviz.
DotAttribute quoted(std::string_view name, std::string_view value);
// Any text, in quotes.
DotAttribute text_attribute(std::string_view name, std::string_view text, std::size_t longest);
// <value>: markup, in which foreign text is escaped with "<br/>".
DotAttribute markup(std::string_view name, std::string_view value);

// digraph name { ... }, statement by statement.
class DotWriter {
 public:
  using Attributes = std::vector<DotAttribute>;

  explicit DotWriter(std::string_view name);

  // graph [...], node [...] or edge [...]: attributes of all that follow.
  void defaults(std::string_view of, const Attributes& attributes) { node(of, attributes); }
  void node(std::string_view name, const Attributes& attributes);
  // To a node or, as "node:sw", to a side of it.
  void edge(std::string_view from, std::string_view to, const Attributes& attributes = {});
  // What comes between the two has defaults of its own.
  void open_group() { text_ += "{ "; }
  // A group that is drawn in a frame, with a number of its own.
  void open_frame(std::size_t number, const Attributes& attributes);
  void close_group() { text_ += "}\n"; }

  // Ends the graph and hands it over.
  std::string finish() &&;

 private:
  void write(const Attributes& attributes);

  std::string text_;
};

}  // namespace autograd::detail
