#include "nn/text/natural_order.hpp"

#include <cmath>
#include <cstddef>

#include <autograd/text.hpp>

namespace nn::detail {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits that `text` begins with.
std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view result = text.substr(0, count);
  text.remove_prefix(count);
  return result;
}

std::string_view without_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.starts_with('0')) digits.remove_prefix(1);
  return digits;
}

// Below 0 if x comes first, above 0 if y does.
int compare(std::string_view x, std::string_view y) {
  while (!x.empty() && !y.empty()) {
    if (!is_digit(x[0]) || !is_digit(y[0])) {
      const int order = x.substr(0, 1).compare(y.substr(0, 1));
      if (order != 0) return order;
      x.remove_prefix(1);
      y.remove_prefix(1);
      continue;
    }
    const std::string_view a = without_zeros(take_digits(x)), b = without_zeros(take_digits(y));
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    if (const int order = a.compare(b); order != 0) return order;
  }
  return static_cast<int>(!x.empty()) - static_cast<int>(!y.empty());
}

}  // namespace

bool comes_before(std::string_view x, std::string_view y) {
  double a = 0, b = 0;
  const bool x_is_number = autograd::text::read_number(x, a) == autograd::text::Reading::kNumber;
  const bool y_is_number = autograd::text::read_number(y, b) == autograd::text::Reading::kNumber;
  if (x_is_number != y_is_number) return x_is_number;
  if (x_is_number && a != b) return a < b || std::isnan(b);
  const int order = compare(x, y);
  return order != 0 ? order < 0 : x < y;
}

}  // namespace nn::detail
