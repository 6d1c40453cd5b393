#include "nn/text/dates.hpp"

#include <cstddef>

namespace nn::detail {

namespace {

// Takes up to four digits from the front, and says how many they were.
std::size_t take_year_or_day(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && count < 4 && text[count] >= '0' && text[count] <= '9') ++count;
  text.remove_prefix(count);
  return count;
}

}  // namespace

bool looks_like_date(std::string_view text) {
  const std::size_t first = take_year_or_day(text);
  if (first == 0 || text.empty()) return false;
  const char sign = text[0];
  if (sign != '-' && sign != '/' && sign != '.') return false;
  text.remove_prefix(1);
  const std::size_t second = take_year_or_day(text);
  if (second == 0 || second > 2 || text.empty() || text[0] != sign) return false;
  text.remove_prefix(1);
  const std::size_t third = take_year_or_day(text);
  if (third == 0 || (first > 2 && third > 2)) return false;
  return text.empty() || text[0] == ' ' || text[0] == 'T';
}

}  // namespace nn::detail
