// The colours of drawings.
#pragma once

#include <array>
#include <string>
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
  std::string_view strong_positive, strong_negative;  // fills, at full strength
  std::string_view frame_line;                        // of parts
  std::array<std::string_view, 2> frame_fill;         // of parts at an even and an odd depth
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
                                  .alarm = "#B0003A",
                                  .strong_positive = "#56B4E9",
                                  .strong_negative = "#E69F00",
                                  .frame_line = "#C8C8C8",
                                  .frame_fill = {"#FFFFFF", "#F6F6F3"}};

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
                                       .alarm = "#000000",
                                       .strong_positive = "#BBBBBB",
                                       .strong_negative = "#BBBBBB",
                                       .frame_line = "#909090",
                                       .frame_fill = {"#FFFFFF", "#FFFFFF"}};

// A colour between two of the form #RRGGBB: from at 0, to at 1.
std::string blend(std::string_view from, std::string_view to, double share);

}  // namespace autograd::detail
