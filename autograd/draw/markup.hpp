// Text in XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace autograd::detail {

// What stands for a character that means something there: "&lt;"; "" of all others.
constexpr std::string_view markup_entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "";
  }
}

// `text`, which is meant to be UTF-8, as it can stand in an element or in an attribute in double
// quotes. Control characters become blanks; bytes that are no character, and characters that XML
// cannot have, become the replacement character.
std::string markup_escaped(std::string_view text);
// The same, but the ends of lines stay.
std::string markup_escaped_lines(std::string_view text);

}  // namespace autograd::detail
