// The order in which people list names: 1, 2, 10 and not 1, 10, 2.
#pragma once

#include <string_view>

namespace nn::detail {

// Numbers before names, by their value. In names runs of digits by the numbers that they are, however long, all else by its bytes. Those that
// differ in leading zeros alone are told apart by these.
bool comes_before(std::string_view x, std::string_view y);

}  // namespace nn::detail
