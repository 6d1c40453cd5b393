// The colours of drawings.
#pragma once

#include <string_view>

namespace autograd::detail {

// Light fills and dark strokes from the colour-blind safe palette of Okabe and Ito.
// A sign is told by the minus too.
struct Palette {
  std::string_view line, muted, faint;
  std::string_view leaf_line, leaf_fill, result_line, result_fill;
  std::string_view hatch, leaf_hatch;
  std::string_view operation_line, operation_fill, operation_text;
  std::string_view positive, negative, alarm;
};

inline constexpr Palette kColours{.line = "#6E6E6E",
                                  .muted = "#6E6E6E",
                                  .faint = "#B0B0B0",
                                  .leaf_line = "#0072B2",
                                  .leaf_fill = "#E6F1FA",
                                  .result_line = "#C77700",
                                  .result_fill = "#FFF5DF",
                                  .hatch = "#E9E9E9",
                                  .leaf_hatch = "#DCEBF7",
                                  .operation_line = "#333333",
                                  .operation_fill = "#333333",
                                  .operation_text = "#FFFFFF",
                                  .positive = "#00568F",
                                  .negative = "#B34700",
                                  .alarm = "#B0003A"};

inline constexpr Palette kBlackOnWhite{.line = "#000000",
                                       .muted = "#444444",
                                       .faint = "#909090",
                                       .leaf_line = "#000000",
                                       .leaf_fill = "#F0F0F0",
                                       .result_line = "#000000",
                                       .result_fill = "#FFFFFF",
                                       .hatch = "#DDDDDD",
                                       .leaf_hatch = "#DDDDDD",
                                       .operation_line = "#000000",
                                       .operation_fill = "#FFFFFF",
                                       .operation_text = "#000000",
                                       .positive = "#000000",
                                       .negative = "#000000",
                                       .alarm = "#000000"};

}  // namespace autograd::detail
