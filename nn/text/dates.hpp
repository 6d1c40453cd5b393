// Dates, which are no numbers.
#pragma once

#include <string_view>

namespace nn::detail {

// Three numbers of which one may be a year, with the same sign - / or . between: 2020-01-31, 31.1.20,
// 1/31/2020; behind them, after a blank or a T, anything.
bool looks_like_date(std::string_view text);

}  // namespace nn::detail
