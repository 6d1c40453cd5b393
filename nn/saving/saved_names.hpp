// The words of saved files.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nn/neuron.hpp>

namespace nn::detail {

inline constexpr std::string_view kFormat = "autograd.nn";
inline constexpr std::uint64_t kVersion = 1;

inline constexpr std::array<std::pair<Bias, std::string_view>, 3> kBiasNames{
    {{Bias::kOff, "off"}, {Bias::kPerUnit, "per unit"}, {Bias::kShared, "shared"}}};

inline std::string_view name_of(Bias bias) {
  for (const auto& [each, name] : kBiasNames)
    if (each == bias) return name;
  return "";
}

// 16 digits.
inline std::string hexadecimal(std::uint64_t bits) {
  std::string result(16, '0');
  for (auto digit = result.rbegin(); digit != result.rend(); ++digit, bits >>= 4)
    *digit = "0123456789abcdef"[bits & 15];
  return result;
}

}  // namespace nn::detail
