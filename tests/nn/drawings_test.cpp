// Pictures of networks and trainings.

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Chart;
using autograd::Error;
using drawings::count;
using helpers::contains;

namespace {

nn::Mlp small_network() {
  nn::Mlp net({2, 2, 1}, nn::Activation::relu);
  net.set_parameter_values(std::vector<double>{1, -2, 0.5, 0, 0.25, -1, 3, -0.5, 0});
  return net;
}

}  // namespace

TEST_CASE("drawings: a network unit by unit") {
  const nn::Mlp net = small_network();
  golden::check(
      "network.svg",
      nn::draw_network(net, {.title = "2-2-1", .row = std::vector<double>{1, 2}}).to_string());
  const std::string svg = nn::draw_network(net).to_string();
  CHECK(count(svg, "<circle") == 5);
  CHECK(count(svg, "stroke-dasharray=\"9 4\"") == 2);  // the weights below 0: -2 and -0.5
  CHECK(count(svg, ">b ") == 3);
  CHECK_FALSE(contains(nn::draw_network(net, {.most_numbers = 5}).to_string(), ">b "));
  CHECK_THROWS_AS(nn::draw_network(net, {.row = std::vector<double>{1}}), Error);
  const nn::Mlp wide({40, 2}, nn::Activation::identity);
  CHECK(contains(nn::draw_network(wide).to_string(), ">and 24 more</text>"));
}

TEST_CASE("drawings: a unit of the network opened") {
  const nn::Mlp net = small_network();
  const std::vector<double> row{1, 2};
  const nn::NetworkDrawing options{.title = "2-2-1", .row = row, .opened = nn::UnitPlace{0, 0}};
  const std::string svg = nn::draw_network(net, options).to_string();
  golden::check("network_opened.svg", svg);
  CHECK(contains(svg, ">unit 0 of layer 1</text>"));
  CHECK(contains(svg, ">w x1 = -2 · 2 = -4</text>"));
  CHECK(contains(svg, ">net -2.5</text>"));
  CHECK(contains(nn::draw_network(net, {.row = row, .opened = nn::UnitPlace{1, 0}}).to_string(),
                 ">w h1 = "));
  CHECK_THROWS_WITH_AS(nn::draw_network(net, {.opened = nn::UnitPlace{0, 0}}),
                       "draw_network(): a unit is opened for a row, and there is none", Error);
  CHECK_THROWS_AS(nn::draw_network(net, {.row = row, .opened = nn::UnitPlace{0, 2}}), Error);
  const nn::Mlp wide({40, 1}, nn::Activation::identity);
  const std::vector<double> wide_row(40, 1.0);
  CHECK(
      contains(nn::draw_network(wide, {.row = wide_row, .opened = nn::UnitPlace{0, 0}}).to_string(),
               ">and 30 more</text>"));
}

TEST_CASE("drawings: the weights over a training") {
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh);
  const std::vector<double> before = net.parameter_values();
  nn::WeightRecorder weights(net);
  fit(net, nn::xor_data(), {.epochs = 5, .callbacks = {std::ref(weights)}});
  REQUIRE(weights.values().size() == 6);
  CHECK(weights.values().front() == before);
  CHECK(weights.values().back() == net.parameter_values());
  const Chart chart = weights.chart(3);
  REQUIRE(chart.curves.size() == 3);
  CHECK(chart.curves[0].points.size() == 6);
  double least_drawn = HUGE_VAL;
  for (const Chart::Curve& each : chart.curves)
    least_drawn = std::min(least_drawn, std::abs(each.points.back().y - each.points.front().y));
  std::size_t more = 0;  // parameters that have moved more than that
  for (std::size_t i = 0; i < before.size(); ++i)
    more += std::abs(net.parameter_values()[i] - before[i]) > least_drawn ? 1 : 0;
  CHECK(more == 2);
  CHECK(weights.chart(100).curves.size() == before.size());
  CHECK(weights.chart(100).curves[0].name == "w1[0,0]");
}

TEST_CASE("drawings: the loss and the accuracy of a training") {
  nn::History history;
  for (std::size_t k = 0; k < 4; ++k) {
    history.push_back({.index = k, .epochs = 4, .loss = 1.0 / static_cast<double>(k + 1)});
    if (k > 0) history.back().validation_loss = 0.5;
  }
  Chart chart = nn::loss_chart(history);
  CHECK(chart.y_scale == Chart::Scale::kLinear);
  REQUIRE(chart.curves.size() == 2);
  CHECK(chart.curves[0].points.size() == 4);
  CHECK(chart.curves[1].points.size() == 3);
  CHECK(chart.curves[1].points[0].x == 2);
  history.back().loss = 1e-3;
  CHECK(nn::loss_chart(history).y_scale == Chart::Scale::kLogarithmic);
  CHECK(nn::accuracy_chart(history).curves.empty());
  history[1].accuracy = 0.5;
  CHECK(nn::accuracy_chart(history).curves.size() == 1);
}

TEST_CASE("drawings: what a network answers over the plane") {
  const nn::Mlp net = small_network();
  const nn::Data rows = nn::xor_data();
  const Chart chart = nn::decision_chart(net, rows);
  REQUIRE(chart.map);
  CHECK(chart.groups[0].points.size() == 2);  // the two rows with the target 1
  CHECK(chart.groups[1].points.size() == 2);
  // The first cell has its middle at (-0.15 + 1.3 / 120, the same).
  const double x = -0.15 + 1.3 / 120;
  CHECK(chart.map->values[0] == doctest::Approx(net(std::vector<double>{x, x})[0].data() - 0.5));
  const Chart unit = nn::unit_chart(net, 0, 1, rows);
  CHECK(unit.map->values[0] ==
        doctest::Approx(net.forward(std::vector<double>{x, x}).layers[0].out[1].data()));
  CHECK(unit.title == "unit 1 of layer 1");
  CHECK_THROWS_AS(nn::unit_chart(net, 0, 2, rows), Error);
  CHECK_THROWS_AS(nn::decision_chart(net, {}), Error);
  CHECK_THROWS_AS(nn::decision_chart(nn::Mlp({3, 1}, nn::Activation::identity), {{{1, 2, 3}, {1}}}),
                  Error);
}
