// Text in the language of Graphviz.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autograd::detail {

// `text`, which is meant to be UTF-8, as the text of an HTML-like label, cut after `longest`
// characters. Lines end with <br/>; what cannot be shown becomes the replacement character.
std::string escaped(std::string_view text, std::size_t longest);

}  // namespace autograd::detail
