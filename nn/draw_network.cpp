// A network drawn unit by unit.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <autograd/text.hpp>
#include <nn/drawing/opened_unit.hpp>
#include <nn/drawings.hpp>

namespace nn {

namespace {

using autograd::PicturePoint;
using autograd::Svg;

constexpr double kRadius = 23, kAcross = 190, kDown = 84, kSide = 60, kHead = 92, kFoot = 56;
constexpr std::size_t kMostUnits = 16;
constexpr std::string_view kAbove = "#0072B2", kBelow = "#D55E00", kInk = "#333333",
                           kQuiet = "#6E6E6E";

std::string_view colour_of(double weight) {
  return weight < 0 ? kBelow : weight > 0 ? kAbove : kQuiet;
}

class NetworkPicture {
 public:
  NetworkPicture(const Mlp& net, const NetworkDrawing& options)
      : net_(net),
        options_(options),
        most_(std::min(kMostUnits, most_units(net))),
        height_(kHead + kFoot + kDown * static_cast<double>(most_ - 1) + 2 * kRadius),
        opened_(opened_unit()),
        svg_(std::max(opened_ ? 500.0 : 0.0,
                      2 * kSide + 2 * kRadius + kAcross * static_cast<double>(net.layers().size())),
             height_ + (opened_ ? detail::height_of(*opened_) : 0.0)) {
    for (const Value& each : net.weights()) largest_ = std::max(largest_, std::abs(each.data()));
    if (options.row) {
      const autograd::NoGradGuard guard;
      pass_ = net.forward(*options.row);
    }
    with_numbers_ = net.weights().size() <= options.most_numbers;
  }

  Svg picture() && {
    for (std::size_t layer = 0; layer < net_.layers().size(); ++layer) lines(layer);
    if (with_numbers_)
      for (std::size_t layer = 0; layer < net_.layers().size(); ++layer) numbers(layer);
    for (std::size_t column = 0; column <= net_.layers().size(); ++column) units(column);
    if (opened_) detail::draw(svg_, *opened_, height_);
    svg_.text({kSide - 20, 28}, options_.title, {.size = 15, .colour = "#111111", .bold = true});
    return std::move(svg_);
  }

 private:
  static std::size_t most_units(const Mlp& net) {
    std::size_t most = net.inputs();
    for (const Layer& each : net.layers()) most = std::max(most, each.units());
    return most;
  }
  std::string number(double x) const { return autograd::text::rounded(x, options_.digits); }

  // Column 0 is that of the inputs.
  std::size_t all_units(std::size_t column) const {
    return column == 0 ? net_.inputs() : net_.layer(column - 1).units();
  }
  std::size_t shown(std::size_t column) const { return std::min(kMostUnits, all_units(column)); }
  PicturePoint place(std::size_t column, std::size_t unit) const {
    const double blank = static_cast<double>(most_ - shown(column)) / 2;
    return {kSide + kRadius + kAcross * static_cast<double>(column),
            kHead + kRadius + kDown * (static_cast<double>(unit) + blank)};
  }

  std::optional<detail::OpenedUnit> opened_unit() const {
    if (!options_.opened) return {};
    if (!options_.row)
      throw autograd::Error("draw_network(): a unit is opened for a row, and there is none");
    const auto [layer, k] = *options_.opened;
    const Neuron unit = net_.layer(layer).neuron(k);  // throws if there is none
    const autograd::NoGradGuard guard;
    const Mlp::Forward pass = net_.forward(*options_.row);
    detail::OpenedUnit result{
        .name = "unit " + std::to_string(k) + " of layer " + std::to_string(layer + 1),
        .has_bias = unit.has_bias(),
        .bias = unit.has_bias() ? unit.bias().data() : 0.0,
        .net = pass.layers[layer].net[k].data(),
        .out = pass.layers[layer].out[k].data(),
        .activation = std::string(unit.activation().name()),
        .digits = options_.digits};
    for (std::size_t j = 0; j < unit.inputs(); ++j) {
      result.inputs.push_back(layer == 0 ? input_name(j) : "h" + std::to_string(j));
      result.values.push_back(layer == 0 ? (*options_.row)[j]
                                         : pass.layers[layer - 1].out[j].data());
      result.weights.push_back(unit.weight(j).data());
    }
    return result;
  }

  void lines(std::size_t layer) {
    // The widest last, so that the others do not cross it.
    struct Line {
      double weight;
      PicturePoint from, to;
    };
    std::vector<Line> all;
    for (std::size_t i = 0; i < shown(layer); ++i)
      for (std::size_t k = 0; k < shown(layer + 1); ++k)
        all.push_back(
            {net_.layer(layer).weight(k, i).data(), place(layer, i), place(layer + 1, k)});
    std::ranges::stable_sort(all, {}, [](const Line& each) { return std::abs(each.weight); });
    for (const Line& each : all) {
      const double share = largest_ > 0 ? std::abs(each.weight) / largest_ : 0.0;
      const bool is_below = each.weight < 0;
      svg_.line(each.from, each.to,
                {.stroke = each.weight == 0 ? kQuiet
                           : is_below       ? kBelow
                                            : kAbove,
                 .width = 0.6 + 5.4 * share,
                 .dash = is_below ? "9 4" : ""});
    }
  }

  // On the lines, near the units that they lead to, where they touch no other number.
  void numbers(std::size_t layer) {
    std::vector<Label> placed;
    for (std::size_t i = 0; i < shown(layer); ++i) {
      for (std::size_t k = 0; k < shown(layer + 1); ++k) {
        const double weight = net_.layer(layer).weight(k, i).data();
        const std::string text = number(weight);
        const double width = 6.2 * static_cast<double>(text.size()) + 5;
        const PicturePoint at =
            free_place(place(layer, i), place(layer + 1, k), i % 2 == 0, width, placed);
        placed.push_back({at, width});
        svg_.rect({at.x - width / 2, at.y - 8}, width, 15, {.fill = "#FFFFFF"}, 3);
        svg_.text({at.x, at.y + 3.8}, text,
                  {.anchor = Svg::Anchor::kMiddle, .size = 11, .colour = colour_of(weight)});
      }
    }
  }
  struct Label {
    PicturePoint at;
    double width;
  };
  static PicturePoint free_place(PicturePoint from, PicturePoint to, bool is_even, double width,
                                 const std::vector<Label>& placed) {
    const auto point = [&](double share) {
      return PicturePoint{from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)};
    };
    const double wished = is_even ? 0.66 : 0.52;
    for (const double away : {0.0, 0.07, -0.07, 0.14, -0.14, -0.21, -0.28}) {
      const PicturePoint at = point(wished + away);
      if (std::ranges::none_of(placed, [&](const Label& other) {
            return std::abs(other.at.x - at.x) < (other.width + width) / 2 + 2 &&
                   std::abs(other.at.y - at.y) < 17;
          }))
        return at;
    }
    return point(wished);
  }

  void units(std::size_t column) {
    const double x = place(column, 0).x;
    const std::string_view name =
        column == 0 ? std::string_view("inputs") : net_.layer(column - 1).activation().name();
    const std::size_t all = all_units(column);
    svg_.text({x, kHead - 26}, name,
              {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kQuiet});
    for (std::size_t k = 0; k < shown(column); ++k) unit(column, k);
    if (all > kMostUnits) {
      svg_.text({x, height_ - 12}, "and " + std::to_string(all - kMostUnits) + " more",
                {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kQuiet});
    }
  }

  void unit(std::size_t column, std::size_t k) {
    const PicturePoint at = place(column, k);
    const bool is_input = column == 0, is_last = column == net_.layers().size();
    svg_.circle(at, kRadius,
                {.stroke = is_last    ? "#C77700"
                           : is_input ? kAbove
                                      : kInk,
                 .fill = is_last    ? "#FFF5DF"
                         : is_input ? "#E6F1FA"
                                    : "#FFFFFF",
                 .width = is_last ? 2.5 : 1.5});
    const std::string name = is_input ? input_name(k) : "";
    const std::string value =
        !pass_ ? ""
               : number(is_input ? (*options_.row)[k] : pass_->layers[column - 1].out[k].data());
    const Svg::Words words{.anchor = Svg::Anchor::kMiddle,
                           .size = value.size() > 5 ? 11.0 : 13.0,
                           .colour = kInk,
                           .bold = true};
    if (is_input && pass_) {
      svg_.text({at.x, at.y - 3}, name, words);
      svg_.text({at.x, at.y + 13}, value,
                {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kInk});
    } else {
      svg_.text({at.x, at.y + 4.5}, is_input ? name : value, words);
    }
    if (is_input || net_.layer(column - 1).bias() == Bias::kOff || !with_numbers_) return;
    svg_.text({at.x, at.y + kRadius + 14}, "b " + number(net_.layer(column - 1).bias(k).data()),
              {.anchor = Svg::Anchor::kMiddle, .size = 11, .colour = kQuiet});
  }

  std::string input_name(std::size_t k) const {
    return k < options_.inputs.size() ? options_.inputs[k] : "x" + std::to_string(k);
  }

  const Mlp& net_;
  const NetworkDrawing& options_;
  const std::size_t most_;
  const double height_;  // of the network
  const std::optional<detail::OpenedUnit> opened_;
  Svg svg_;
  std::optional<Mlp::Forward> pass_;
  double largest_ = 0.0;
  bool with_numbers_ = false;
};

}  // namespace

Svg draw_network(const Mlp& net, const NetworkDrawing& options) {
  return NetworkPicture(net, options).picture();
}

}  // namespace nn
