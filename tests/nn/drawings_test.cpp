// Pictures of networks and trainings.

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
