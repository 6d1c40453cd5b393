#include "autograd/draw/palette.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace autograd::detail {

std::string blend(std::string_view from, std::string_view to, double share) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto channel = [](std::string_view colour, std::size_t at) {
    int value = 0;
    std::from_chars(colour.data() + at, colour.data() + at + 2, value, 16);
    return value;
  };
  std::string result = "#";
  for (const std::size_t at : {std::size_t{1}, std::size_t{3}, std::size_t{5}}) {
    const double low = channel(from, at), high = channel(to, at);
    const auto mixed =
        static_cast<std::size_t>(std::lround(low + (high - low) * std::clamp(share, 0.0, 1.0)));
    result += kDigits[mixed / 16];
    result += kDigits[mixed % 16];
  }
  return result;
}

}  // namespace autograd::detail
