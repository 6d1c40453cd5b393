// Two spiral arms, one inside the other: a network given sines of the coordinates as well learns
// which arm a point belongs to.

#include <cmath>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <nn/nn.hpp>

// The plane from -6 to 6: '#' where the network says 1, '.' where it says -1, and the points it
// learned from, o and x.
void print_map(const nn::Mlp& net, const nn::Features& features, const nn::Data& points) {
  constexpr int kColumns = 61, kRows = 31;
  constexpr double kSide = 6;
  const auto cell = [](double x, int cells) {
    return static_cast<std::size_t>(std::lround((x + kSide) / (2 * kSide) * (cells - 1)));
  };
  nn::Data grid;
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kColumns; ++c) {
      const double x1 = 2 * kSide * c / (kColumns - 1) - kSide;
      const double x2 = kSide - 2 * kSide * r / (kRows - 1);
      grid.push_back({{x1, x2}, {}});
    }
  }
  std::string map;
  for (const std::vector<double>& output : nn::predict(net, nn::apply_features(features, grid)))
    map += output[0] > 0 ? '#' : '.';
  for (const nn::Sample& point : points) {
    const std::size_t row = cell(-point.inputs[1], kRows);
    const std::size_t column = cell(point.inputs[0], kColumns);
    map[row * kColumns + column] = point.targets[0] > 0 ? 'o' : 'x';
  }
  for (std::size_t r = 0; r < kRows; ++r) std::cout << map.substr(r * kColumns, kColumns) << '\n';
}

int main() {
  const nn::Split points = nn::split(nn::spiral_data(300), /*train_fraction=*/0.5);
  const nn::Features features = nn::playground_features({"x1", "x2", "sin x1", "sin x2"});
  const nn::Data train = nn::apply_features(features, points.train);
  const nn::Data test = nn::apply_features(features, points.test);

  nn::Mlp net({4, 8, 8, 1}, nn::Activation::tanh, nn::Activation::tanh, /*seed=*/1);
  const nn::FitResult result =
      nn::fit(net, train, {.optimizer = nn::Adam{.rate = 0.02}, .epochs = 200, .batch_size = 10});

  std::cout << std::fixed << std::setprecision(3) << "epoch   loss  accuracy\n";
  for (const nn::Epoch& epoch : result.history) {
    if ((epoch.index + 1) % 40 != 0) continue;
    std::cout << std::setw(5) << epoch.index + 1 << std::setw(7) << epoch.loss << std::setw(10)
              << *epoch.accuracy << '\n';
  }
  std::cout << "\naccuracy on " << test.size()
            << " other points: " << nn::accuracy(nn::predict(net, test), test)
            << "\n\n# where the network says 1, . where it says -1; on top the points it learned "
               "from, o (1) and x (-1):\n\n";
  print_map(net, features, points.train);
}
