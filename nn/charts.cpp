// Charts of trainings and of what networks answer.
#include <algorithm>
#include <cmath>
#include <string>

#include <nn/drawings.hpp>

namespace nn {

namespace {

using autograd::Chart;
using autograd::Error;

using Reading = std::optional<double> (*)(const Epoch&);

void add_curve(Chart& chart, const std::string& name, const History& history, Reading reading) {
  Chart::Curve curve{name, {}};
  for (const Epoch& each : history)
    if (const std::optional<double> y = reading(each))
      curve.points.push_back({static_cast<double>(each.index + 1), *y});
  if (!curve.points.empty()) chart.curves.push_back(curve);
}

bool falls_tenfold(const Chart& chart) {
  double low = HUGE_VAL, high = 0;
  for (const Chart::Curve& curve : chart.curves) {
    for (const Chart::Point& each : curve.points) {
      if (!(each.y > 0)) return false;
      low = std::min(low, each.y);
      high = std::max(high, each.y);
    }
  }
  return high > 10 * low;
}

// The plane of the two inputs, a little larger than the data.
struct Plane {
  Chart::Point low, high;
};

Plane plane_of(const Data& rows) {
  if (rows.empty()) throw Error("a chart of the plane needs rows, for its size");
  for (const Sample& row : rows) {
    if (row.inputs.size() != 2) {
      throw Error("a chart of the plane needs rows of 2 inputs, not " +
                  std::to_string(row.inputs.size()));
    }
  }
  Plane plane{{rows[0].inputs[0], rows[0].inputs[1]}, {rows[0].inputs[0], rows[0].inputs[1]}};
  for (const Sample& row : rows) {
    plane.low = {std::min(plane.low.x, row.inputs[0]), std::min(plane.low.y, row.inputs[1])};
    plane.high = {std::max(plane.high.x, row.inputs[0]), std::max(plane.high.y, row.inputs[1])};
  }
  const double x = std::max(1e-3, 0.15 * (plane.high.x - plane.low.x));
  const double y = std::max(1e-3, 0.15 * (plane.high.y - plane.low.y));
  return {{plane.low.x - x, plane.low.y - y}, {plane.high.x + x, plane.high.y + y}};
}

double middle_of_targets(const Data& rows) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Sample& row : rows) {
    if (row.targets.size() != 1)
      throw Error("decision_chart() is for rows of 1 target, not " +
                  std::to_string(row.targets.size()));
    low = std::min(low, row.targets[0]);
    high = std::max(high, row.targets[0]);
  }
  return (low + high) / 2;
}

// f of what the network is given at a point.
template <class F> Chart plane_chart(const Data& rows, const Features& features, const F& f) {
  const Plane plane = plane_of(rows);
  const autograd::NoGradGuard guard;
  Chart chart{.x_name = "x0", .y_name = "x1", .width = 400, .height = 360};
  chart.map = autograd::map_of(
      [&](double x, double y) {
        std::vector<double> inputs{x, y};
        if (!features.empty()) inputs = apply_features(features, inputs);
        return f(inputs);
      },
      plane.low, plane.high);
  return chart;
}

}  // namespace

Chart loss_chart(const History& history) {
  Chart chart{.title = "loss", .x_name = "epoch"};
  add_curve(chart, "training", history, [](const Epoch& e) { return std::optional(e.loss); });
  add_curve(chart, "validation", history, [](const Epoch& e) { return e.validation_loss; });
  if (falls_tenfold(chart)) chart.y_scale = Chart::Scale::kLogarithmic;
  return chart;
}

Chart accuracy_chart(const History& history) {
  Chart chart{.title = "accuracy", .x_name = "epoch"};
  add_curve(chart, "training", history, [](const Epoch& e) { return e.accuracy; });
  add_curve(chart, "validation", history, [](const Epoch& e) { return e.validation_accuracy; });
  return chart;
}

Chart decision_chart(const Mlp& net, const Data& rows, const Features& features,
                     std::optional<double> level) {
  if (net.outputs() != 1) {
    throw Error("decision_chart() is for networks of 1 output, not " +
                std::to_string(net.outputs()));
  }
  const double at = level ? *level : middle_of_targets(rows);
  Chart chart = plane_chart(rows, features, [&](const std::vector<double>& inputs) {
    return net(inputs)[0].data() - at;
  });
  chart.title = "what the network answers";
  Chart::Group above, below;
  for (const Sample& row : rows) {
    Chart::Group& group = row.targets.at(0) > at ? above : below;
    group.points.push_back({row.inputs[0], row.inputs[1]});
  }
  chart.groups = {above, below};
  return chart;
}

Chart unit_chart(const Mlp& net, std::size_t layer, std::size_t unit, const Data& rows,
                 const Features& features) {
  net.layer(layer).neuron(unit);  // throws if there is none
  Chart chart = plane_chart(rows, features, [&](const std::vector<double>& inputs) {
    return net.forward(inputs).layers[layer].out[unit].data();
  });
  chart.title = "unit " + std::to_string(unit) + " of layer " + std::to_string(layer + 1);
  return chart;
}

}  // namespace nn
