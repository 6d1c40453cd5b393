#include "autograd/draw/dot_text.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace autograd::detail {

namespace {

struct Character {
  std::size_t size;  // bytes, at least 1
  bool is_valid;     // as UTF-8 and in XML, and it can be seen
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, lead >= 0x20 && lead != 0x7f};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::uint32_t code = lead & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {1, false};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0xa0, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  const bool is_character = (code & 0xfffe) != 0xfffe && code < 0x110000;
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  return {size, code >= kSmallest[size] && !is_surrogate && is_character};
}

}  // namespace

std::string escaped(std::string_view text, std::size_t longest, std::string_view line_break) {
  std::string result;
  std::size_t characters = 0;
  while (!text.empty()) {
    if (characters++ == longest) return result + "…";
    const auto [size, is_valid] = first_character(text);
    switch (text[0]) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
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
        result += is_valid ? text.substr(0, size) : std::string_view("\uFFFD");
    }
    text.remove_prefix(size);
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

std::string DotWriter::finish() && {
  text_ += "}\n";
  return std::move(text_);
}

}  // namespace autograd::detail
