// Numbers as text: the same in every locale, and back to the same bits.
#pragma once

#include <string>
#include <string_view>

namespace nn::detail {

// The shortest text that reads back to the same double; "inf", "-inf", "nan".
std::string text_of(double x);

enum class Number { kRead, kNone, kOutOfRange };

// Reads the whole of `text`, a number with or without a sign, into x; x is unchanged if it is none.
Number read_number(std::string_view text, double& x);

}  // namespace nn::detail
