// The wording of the errors of namespace nn.
#pragma once

#include <autograd/autograd.hpp>
#include <cstddef>
#include <string>

namespace nn::detail {

// "1 row", "2 rows".
inline std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + ' ' + noun + (n == 1 ? "" : "s");
}

[[noreturn]] inline void fail(const std::string& what, const std::string& expected,
                              const std::string& given) {
  throw autograd::Error(what + ": expected " + expected + ", got " + given + ".");
}

inline void check_index(const std::string& what, std::size_t index, std::size_t count) {
  if (index >= count) fail(what, "an index below " + std::to_string(count), std::to_string(index));
}

}  // namespace nn::detail
