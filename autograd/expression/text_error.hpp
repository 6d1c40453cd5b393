// Errors in a text: where, the line, a caret below it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace autograd::detail {

// Throws: Error with `message`, the place `at` (in bytes) of `text` as line and column, and that
//         line with a caret below it.
[[noreturn]] void text_error(std::string_view text, std::size_t at, const std::string& message);

// "; did you mean 'tanh'?" for the known name that is nearest to `name`, or nothing if none is near.
// Cost: the lengths of the names times that of `name`.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace autograd::detail
