#include "nn/drawing/opened_unit.hpp"

#include <algorithm>

#include <autograd/text.hpp>

namespace nn::detail {

namespace {

using autograd::Svg;

constexpr double kOpenedRow = 34, kOpenedHead = 46, kOpenedFoot = 26, kOpenedLeft = 40;
constexpr std::size_t kMostOpenedRows = 10;
constexpr std::string_view kOpenedAbove = "#0072B2", kOpenedBelow = "#D55E00",
                           kOpenedInk = "#333333", kOpenedQuiet = "#6E6E6E";

// With the bias.
std::size_t rows_of(const OpenedUnit& unit) {
  return std::min(kMostOpenedRows, unit.weights.size()) + (unit.has_bias ? 1 : 0);
}

}  // namespace

double height_of(const OpenedUnit& unit) {
  return kOpenedHead + kOpenedRow * static_cast<double>(std::max<std::size_t>(2, rows_of(unit))) +
         kOpenedFoot;
}

void draw(Svg& svg, const OpenedUnit& unit, double top) {
  const auto number = [&](double x) { return autograd::text::rounded(x, unit.digits); };
  const double right = svg.width() - 34, sum_x = right - 210, box_x = right - 118,
               middle = top + kOpenedHead + kOpenedRow * static_cast<double>(rows_of(unit)) / 2;
  svg.line({24, top}, {svg.width() - 24, top}, {.stroke = "#C8C8C8", .width = 1});
  svg.text({kOpenedLeft, top + 26}, unit.name, {.size = 13, .colour = "#111111", .bold = true});
  const auto row_y = [&](std::size_t row) {
    return top + kOpenedHead + kOpenedRow * (static_cast<double>(row) + 0.5);
  };
  const std::size_t shown = std::min(kMostOpenedRows, unit.weights.size());
  std::vector<std::string> texts;
  std::size_t longest = 0;
  for (std::size_t j = 0; j < shown; ++j) {
    texts.push_back("w " + unit.inputs[j] + " = " + number(unit.weights[j]) + " · " +
                    number(unit.values[j]) + " = " + number(unit.values[j] * unit.weights[j]));
    longest = std::max(longest, texts.back().size());
  }
  const double begin = kOpenedLeft + 6.6 * static_cast<double>(longest) + 4;
  const auto product = [&](std::size_t row, const std::string& text, double x) {
    const double y = row_y(row);
    svg.line(
        {begin, y - 4}, {sum_x - 15, middle},
        {.stroke = x < 0 ? kOpenedBelow : kOpenedAbove, .width = 1.5, .dash = x < 0 ? "9 4" : ""});
    svg.text({kOpenedLeft, y}, text, {.size = 13, .colour = kOpenedInk});
  };
  for (std::size_t j = 0; j < shown; ++j) product(j, texts[j], unit.values[j] * unit.weights[j]);
  if (unit.has_bias) product(shown, "b = " + number(unit.bias), unit.bias);
  if (shown < unit.weights.size()) {
    svg.text(
        {kOpenedLeft, top + kOpenedHead + kOpenedRow * static_cast<double>(rows_of(unit)) + 12},
        "and " + std::to_string(unit.weights.size() - shown) + " more",
        {.size = 12, .colour = kOpenedQuiet});
  }
  const Svg::Look line{.stroke = kOpenedInk, .width = 1.5};
  svg.line({sum_x + 15, middle}, {box_x, middle}, line);
  svg.line({box_x + 62, middle}, {right - 23, middle}, line);
  svg.circle({sum_x, middle}, 15, {.stroke = kOpenedInk, .fill = kOpenedInk});
  svg.text({sum_x, middle + 5.5}, "Σ",
           {.anchor = Svg::Anchor::kMiddle, .size = 16, .colour = "#FFFFFF"});
  svg.text({sum_x, middle + 32}, "net " + number(unit.net),
           {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kOpenedInk});
  svg.rect({box_x, middle - 15}, 62, 30, {.stroke = kOpenedInk, .fill = "#FFFFFF"}, 6);
  svg.text({box_x + 31, middle + 4.5}, unit.activation,
           {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kOpenedInk});
  svg.circle({right, middle}, 23, {.stroke = "#C77700", .fill = "#FFF5DF", .width = 2.5});
  svg.text({right, middle + 4.5}, number(unit.out),
           {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kOpenedInk, .bold = true});
}

}  // namespace nn::detail
