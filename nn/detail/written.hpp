// Numbers in the errors of namespace nn.
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace nn::detail {

// The shortest text that is read as the same number: "0.1".
inline std::string written(double x) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
}

}  // namespace nn::detail
