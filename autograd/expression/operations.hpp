// The operations of an expression, by name: made from the list of all operations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include <autograd/value.hpp>

namespace autograd::detail {

// A plain number, or a recorded one.
using Scalar = std::variant<double, Value>;

// What a function does with its arguments.
enum class Shape : std::uint8_t {
  kElements,  // goes element by element
  kVector,    // one vector -> a number
  kSoftmax,   // one vector -> a vector
  kDot,       // two vectors, and perhaps a number that is added -> a number
  kSelect,    // a condition and two sides, element by element
};

struct NamedOperation {
  std::string_view name;
  Shape shape = Shape::kElements;
  std::size_t least = 1, most = 1;  // arguments
  double second = 0.0;              // if it is left out
  Scalar (*unary)(const Scalar& x) = nullptr;
  Scalar (*binary)(const Scalar& x, const Scalar& y) = nullptr;
  Value (*of_vector)(const std::vector<Value>& x) = nullptr;
};

// All of them; a place in this list names an operation in a program.
const std::vector<NamedOperation>& named_operations();

// The place of a name, or the size of the list.
std::size_t find_operation(std::string_view name);

}  // namespace autograd::detail
