#include "autograd/draw/markup.hpp"

#include <algorithm>

#include <autograd/text.hpp>

namespace autograd::detail {

std::string markup_escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const text::Character first = text::first_character(text);
    const std::string_view entity = markup_entity(text[0]);
    if (!entity.empty()) {
      result += entity;
    } else if (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f) {
      result += ' ';
    } else {
      const bool can_be_there = first.code && (*first.code & 0xfffe) != 0xfffe;
      result += can_be_there ? text.substr(0, first.bytes) : std::string_view("\uFFFD");
    }
    text.remove_prefix(first.bytes);
  }
  return result;
}

std::string markup_escaped_lines(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += markup_escaped(text.substr(0, end));
    if (end < text.size()) result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace autograd::detail
