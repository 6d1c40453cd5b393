#include "autograd/draw/dot_text.hpp"

#include <utility>

#include <autograd/draw/markup.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

// Whether Graphviz can show the character, which is not if it is a control character or none at all.
bool can_be_shown(const text::Character& character) {
  if (!character.code) return false;
  const char32_t code = *character.code;
  const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  return !is_control && (code & 0xfffe) != 0xfffe;
}

}  // namespace

std::string escaped(std::string_view text, std::size_t longest, std::string_view line_break) {
  std::string result;
  std::size_t characters = 0;
  while (!text.empty()) {
    if (characters++ == longest) return result + "…";
    const text::Character first = text::first_character(text);
    switch (text[0]) {
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += line_break;
        break;
      case '\t':
        result += "&#160;";
        break;
      case ' ':
        result += result.empty() || result.ends_with(' ') ? "&#160;" : " ";
        break;
      default:
        if (const std::string_view entity = markup_entity(text[0]); !entity.empty()) {
          result += entity;
        } else {
          result += can_be_shown(first) ? text.substr(0, first.bytes) : std::string_view("\uFFFD");
        }
    }
    text.remove_prefix(first.bytes);
  }
  return result;
}

// ---- attributes ----

DotAttribute bare(std::string_view name, std::string_view value) {
  return {name, std::string(value)};
}
DotAttribute quoted(std::string_view name, std::string_view value) {
  return {name, std::string("\"").append(value).append("\"")};
}
DotAttribute text_attribute(std::string_view name, std::string_view text, std::size_t longest) {
  return quoted(name, escaped(text, longest, "\\n"));
}
DotAttribute markup(std::string_view name, std::string_view value) {
  return {name, std::string("<").append(value).append(">")};
}

// ---- statements ----

DotWriter::DotWriter(std::string_view name) {
  text_.append("digraph ").append(name).append(" {\n");
}

void DotWriter::write(const Attributes& attributes) {
  for (const DotAttribute& each : attributes) {
    text_ += &each == attributes.data() ? " [" : ", ";
    text_.append(each.name).append("=").append(each.value);
  }
  text_ += attributes.empty() ? "\n" : "]\n";
}

void DotWriter::node(std::string_view name, const Attributes& attributes) {
  text_ += name;
  write(attributes);
}

void DotWriter::edge(std::string_view from, std::string_view to, const Attributes& attributes) {
  text_.append(from).append(" -> ").append(to);
  write(attributes);
}

void DotWriter::open_frame(std::size_t number, const Attributes& attributes) {
  text_.append("subgraph cluster_").append(std::to_string(number)).append(" {\n");
  defaults("graph", attributes);
}

std::string DotWriter::finish() && {
  text_ += "}\n";
  return std::move(text_);
}

}  // namespace autograd::detail
