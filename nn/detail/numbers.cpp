#include <array>
#include <charconv>
#include <cmath>
#include <nn/detail/numbers.hpp>
#include <system_error>

namespace nn::detail {

std::string text_of(double x) {
  if (std::isnan(x)) return "nan";
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), x);
  return {text.data(), end};
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
