// One hidden layer is enough for any continuous function, given units enough. First with weights
// set by hand: four sigmoids make a bump. Then gradient descent finds weights for a curve.

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <nn/nn.hpp>

// Two units are steps up and down along x, two along y. The output asks that all four are on:
// nearly 1 in the square from -1 to 1, nearly 0 outside.
nn::Mlp bump() {
  nn::Mlp net({2, 4, 1}, nn::Activation::sigmoid, nn::Activation::sigmoid);
  net.layer(0).set_weights({{10, 0}, {-10, 0}, {0, 10}, {0, -10}});
  net.layer(0).set_biases({10, 10, 10, 10});
  net.layer(1).set_weights({{10, 10, 10, 10}});
  net.layer(1).set_biases({-35});
  return net;
}

// The plane from -2 to 2, the darker the higher.
void print_surface(const nn::Mlp& net) {
  const std::string shades = " .:-=+*#%@";
  for (double y = 2; y >= -2; y -= 0.25) {
    for (double x = -2; x <= 2; x += 0.125) {
      const double out = net({x, y})[0].data();
      std::cout << shades[static_cast<std::size_t>(std::min(out, 0.999) * 10)];
    }
    std::cout << '\n';
  }
}

double wave(double x) { return std::sin(3 * x) * std::exp(-x * x / 4); }

// From -3 to 3: '.' the wave, 'o' what the network makes of it.
void print_curve(const nn::Mlp& net) {
  constexpr int kRows = 15, kColumns = 61;
  std::vector<std::string> plot(kRows, std::string(kColumns, ' '));
  const auto row = [](double y) {
    return static_cast<std::size_t>(std::clamp((1 - y) / 2 * (kRows - 1) + 0.5, 0.0, kRows - 1.0));
  };
  for (int c = 0; c < kColumns; ++c) {
    const double x = 6.0 * c / (kColumns - 1) - 3;
    const auto column = static_cast<std::size_t>(c);
    plot[row(wave(x))][column] = '.';
    plot[row(net({x})[0].data())][column] = 'o';
  }
  for (const std::string& line : plot)
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
}

int main() {
  std::cout << "Four sigmoids with weights set by hand make a bump (the darker the higher):\n\n";
  print_surface(bump());

  nn::Data data;
  for (int i = 0; i <= 120; ++i) {
    const double x = i / 20.0 - 3;
    data.push_back({{x}, {wave(x)}});
  }
  std::cout << std::fixed << std::setprecision(4);
  for (const std::size_t units : {2u, 4u, 16u}) {
    nn::Mlp net({1, units, 1}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/1);
    nn::Random random(1);
    net.initialise(nn::normal(0, 2), random, nn::normal(0, 2));  // steps all over the range
    nn::fit(net, data, {.optimizer = nn::Adam{.rate = 0.02}, .epochs = 3000});
    double worst = 0;
    for (const nn::Sample& row : data)
      worst = std::max(worst, std::abs(net(row.inputs)[0].data() - row.targets[0]));
    std::cout << "\nA wave (.) fitted by " << units << " tanh units (o), never off by more than "
              << worst << ":\n\n";
    print_curve(net);
  }
}
