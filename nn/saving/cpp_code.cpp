#include "nn/saving/cpp_code.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace nn::detail {

std::string literal(double x) {
  if (std::isnan(x)) return "NAN";
  if (std::isinf(x)) return x > 0 ? "INFINITY" : "-INFINITY";
  if (std::abs(x) < 1000 && x == std::trunc(x)) {
    const std::string sign = std::signbit(x) ? "-" : "";
    return sign + std::to_string(std::abs(static_cast<int>(x))) + ".0";
  }
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::abs(x), std::chars_format::hex)
          .ptr;
  return (std::signbit(x) ? "-0x" : "0x") + std::string(text.data(), end);
}

std::string unbracketed(const std::string& expression) {
  int depth = 0;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    depth += expression[i] == '(' ? 1 : expression[i] == ')' ? -1 : 0;
    if (depth == 0 && i + 1 < expression.size()) return expression;
  }
  return expression.size() < 2 ? expression : expression.substr(1, expression.size() - 2);
}

}  // namespace nn::detail
