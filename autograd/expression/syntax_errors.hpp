// What the parser says of a text that is no expression.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <autograd/expression/operations.hpp>
#include <autograd/expression/tokens.hpp>

namespace autograd::detail {

// In quotes, a long text cut.
std::string quoted(std::string_view text);

// The column of a place in its line, counted from 1, in characters.
std::string column_of(std::string_view text, std::size_t at);

// Where an operator must stand, but there is `token`: 2x, a = b = 2.
std::string missing_operator(std::string_view text, const Token& token);

// `is_number`: whether the text has given this name to a number.
std::string unknown_function(std::string_view name, bool is_number);

std::string wrong_count(const NamedOperation& operation, std::size_t given);

}  // namespace autograd::detail
