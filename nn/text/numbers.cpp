#include "nn/text/numbers.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace nn::detail {

namespace {

// `format`: that of std::to_chars.
template <class... Format> std::string formatted(double x, Format... format) {
  if (std::isnan(x)) return "nan";  // without a sign
  std::array<char, 400> text{};     // the largest double has 309 digits before the point
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x, format...).ptr};
}

}  // namespace

std::string text_of(double x) { return formatted(x); }
std::string short_text_of(double x) { return formatted(x, std::chars_format::general, 4); }
std::string fixed_text_of(double x, int digits) {
  return formatted(x, std::chars_format::fixed, digits);
}

Number read_number(std::string_view text, double& x) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double read = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, read);
  if (error == std::errc::invalid_argument || end != last) return Number::kNone;
  if (error == std::errc::result_out_of_range) return Number::kOutOfRange;
  x = read;
  return Number::kRead;
}

}  // namespace nn::detail
