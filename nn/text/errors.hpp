// The wording of the errors of namespace nn.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>

namespace nn::detail {

// "1 row", "2 rows".
inline std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + ' ' + noun + (n == 1 ? "" : "s");
}

// What is shown of a text that is wrong: its beginning, in '...'.
inline std::string excerpt(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  std::string result = "'";
  result.append(text.substr(0, kLongest));
  result += text.size() > kLongest ? "...'" : "'";
  return result;
}

// "a, b, c", at most 20 of them.
inline std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMostListed = 20;
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), kMostListed); ++i)
    result += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostListed ? result + ", ..." : result;
}

[[noreturn]] inline void fail(const std::string& what, const std::string& expected,
                              const std::string& given) {
  throw autograd::Error(what + ": expected " + expected + ", got " + given + ".");
}

// `noun`: of what there are to be so many.
inline void check_count(std::string_view what, std::size_t count, const char* noun) {
  constexpr std::size_t kMost = std::size_t{1} << 31;
  if (count > kMost)
    fail(std::string(what), "at most " + counted(kMost, noun), std::to_string(count));
}

inline void check_index(std::string_view what, std::size_t index, std::size_t count) {
  if (index >= count)
    fail(std::string(what), "an index below " + std::to_string(count), std::to_string(index));
}

}  // namespace nn::detail
