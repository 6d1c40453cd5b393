// Numbers as text: the same in every locale, and back to the same bits.
#pragma once

#include <string>
#include <string_view>

namespace nn::detail {

// The shortest text that reads back to the same double; "inf", "-inf", "nan".
std::string text_of(double x);
// Of x rounded to four digits: "0.01235", "1.2e-05".
std::string short_text_of(double x);
// Of x rounded to so many digits behind the point: "0.50".
std::string fixed_text_of(double x, int digits);

enum class Number { kRead, kNone, kOutOfRange };

// Reads the whole of `text`, a number with or without a sign, into x; x is unchanged if it is none.
Number read_number(std::string_view text, double& x);

}  // namespace nn::detail
