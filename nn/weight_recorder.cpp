#include "nn/weight_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <string>

namespace nn {

WeightRecorder::WeightRecorder(const Mlp& net) : net_(net), values_{net.parameter_values()} {}

bool WeightRecorder::operator()(const Epoch&) {
  values_.push_back(net_.parameter_values());
  return true;
}

autograd::Chart WeightRecorder::chart(std::size_t most) const try {
  std::vector<std::size_t> chosen(values_[0].size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  if (chosen.size() > most) {
    std::ranges::stable_sort(chosen, std::ranges::greater{}, [&](std::size_t i) {
      return std::abs(values_.back()[i] - values_.front()[i]);
    });
    chosen.resize(most);
    std::ranges::sort(chosen);
  }
  Mlp labelled = net_.clone();
  labelled.set_labels();
  autograd::Chart chart{.title = "weights", .x_name = "epoch"};
  for (const std::size_t i : chosen) {
    autograd::Chart::Curve curve{std::string(labelled.parameters()[i].label()), {}};
    for (std::size_t epoch = 0; epoch < values_.size(); ++epoch)
      curve.points.push_back({static_cast<double>(epoch), values_[epoch][i]});
    chart.curves.push_back(curve);
  }
  return chart;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
