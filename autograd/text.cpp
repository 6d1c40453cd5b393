#include "autograd/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace autograd::text {

namespace {

// `format`: that of std::to_chars.
template <class... Format> std::string formatted(double x, Format... format) {
  if (std::isnan(x)) return "nan";  // without a sign
  std::array<char, 400> text;       // the largest double has 309 digits before the point
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x, format...).ptr};
}

std::size_t width_of(std::string_view cell) {
  return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string shortest(double x) { return formatted(x); }

std::string rounded(double x, int digits) {
  if (std::isnan(x)) return "NaN";
  const double size = std::abs(x);
  const bool is_long_integer = size < 1e6 && size >= std::pow(10.0, digits - 1);
  if (is_long_integer) return formatted(x, std::chars_format::fixed, 0);
  std::string result = formatted(x, std::chars_format::general, digits);
  // 1e-07 and 1e+07 are written 1e-7 and 1e7.
  if (const auto e = result.find('e'); e != std::string::npos) {
    if (result[e + 1] == '+') result.erase(e + 1, 1);
    const auto zeros = e + (result[e + 1] == '-' ? 2 : 1);
    result.erase(zeros, result.find_first_not_of('0', zeros) - zeros);
  }
  return result;
}

std::string fixed(double x, int decimals) {
  return formatted(x, std::chars_format::fixed, decimals);
}

Reading read_number(std::string_view text, double& x) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double read = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, read);
  if (error == std::errc::invalid_argument || end != last) return Reading::kNoNumber;
  if (error == std::errc::result_out_of_range) return Reading::kOutOfRange;
  x = read;
  return Reading::kNumber;
}

std::string table(const std::vector<TableRow>& rows, std::string_view alignment) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], width_of(row[j]));
  }
  std::string result;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t j = 0; j < row.size(); ++j) {
      const std::string gap(widths[j] - width_of(row[j]), ' ');
      const bool is_left = alignment[std::min(j, alignment.size() - 1)] == 'l';
      line += j == 0 ? "" : "  ";
      line += is_left ? row[j] + gap : gap + row[j];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  return result;
}

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, lead};
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  char32_t code = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kSmallest[bytes] || is_surrogate || code >= 0x110000) return {bytes, {}};
  return {bytes, code};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character first = first_character(text);
    if (!first.code) return false;
    text.remove_prefix(first.bytes);
  }
  return true;
}

}  // namespace autograd::text
