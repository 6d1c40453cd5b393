#include "autograd/expression/text_error.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <autograd/error.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

struct Place {
  std::size_t line = 1, column = 1;  // counted from 1, columns in characters
  std::size_t begin = 0, end = 0;    // of the line, in bytes
};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

Place find_place(std::string_view text, std::size_t at) {
  Place place;
  for (std::size_t i = 0; i < at; ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.begin = i + 1;
      place.column = 1;
    } else if (!continues_character(text[i])) {
      ++place.column;
    }
  }
  place.end = std::min(text.find('\n', at), text.size());
  return place;
}

// One character of the line as it is shown: what cannot be shown is a '?', a tab is a blank.
std::string shown(std::string_view character, bool is_character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (byte == '\t' || byte == '\r') return " ";
  if (!is_character || byte < 0x20 || byte == 0x7f) return "?";
  return std::string(character);
}

// The line around `at`, with a caret below.
std::string excerpt(std::string_view text, std::size_t at, const Place& place) {
  constexpr std::size_t kBefore = 50, kBehind = 26;
  std::size_t begin = place.begin;
  if (at - begin > kBefore) {
    begin = at - kBefore;
    while (begin < at && continues_character(text[begin])) ++begin;
  }
  std::string line = begin > place.begin ? "..." : "", below(line.size(), ' ');
  std::size_t i = begin;
  for (; i < std::min(place.end, at + kBehind);) {
    const text::Character character = text::first_character(text.substr(i));
    const std::size_t bytes = std::min(character.code ? character.bytes : 1, place.end - i);
    line += shown(text.substr(i, bytes), character.code.has_value());
    if (i < at) below += ' ';
    i += bytes;
  }
  if (i < place.end) line += "...";
  return "\n  " + line + "\n  " + below + "^";
}

// How many characters must be changed, added, left out or exchanged with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

// What other languages and books call it.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"ln", "log"},       {"fabs", "abs"},
    {"arcsin", "asin"},  {"arccos", "acos"},
    {"arctan", "atan"},  {"arctan2", "atan2"},
    {"arsinh", "asinh"}, {"arcosh", "acosh"},
    {"artanh", "atanh"}, {"logistic", "sigmoid"},
    {"power", "pow"},    {"avg", "mean"},
    {"average", "mean"}, {"where", "select"},
    {"swish", "silu"},   {"heaviside", "step"},
    {"sgn", "sign"},     {"maximum", "max"},
    {"minimum", "min"},  {"log_sum_exp", "logsumexp"}};

}  // namespace

void text_error(std::string_view text, std::size_t at, const std::string& message) {
  at = std::min(at, text.size());
  const Place place = find_place(text, at);
  const bool has_lines = text.find('\n') != std::string_view::npos;
  throw Error("expression, " + (has_lines ? "line " + std::to_string(place.line) + ", " : "") +
              "column " + std::to_string(place.column) + ": " + message + excerpt(text, at, place));
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongest = 40;
  if (name.size() > kLongest) return "";
  for (const auto& [other, ours] : kOtherNames) {
    if (name == other && std::find(known.begin(), known.end(), ours) != known.end())
      return "; did you mean '" + std::string(ours) + "'?";
  }
  std::string_view nearest;
  std::size_t least = name.size() <= 3 ? 2 : 3;  // one change in a short name, two in a longer one
  for (const std::string_view each : known) {
    if (each.size() > kLongest) continue;
    const std::size_t changes = distance(name, each);
    if (changes >= least || changes >= std::max(name.size(), each.size())) continue;
    least = changes;
    nearest = each;
  }
  return nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?";
}

}  // namespace autograd::detail
