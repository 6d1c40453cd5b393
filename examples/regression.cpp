// A line and then a curve are fitted to noisy points. R^2 says how much of what the points do is
// explained: 1 is everything, 0 no more than their mean.

#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include <nn/nn.hpp>

double truth(double x) { return 1 + x + 1.5 * std::sin(2 * x); }

// The truth and some noise, for x from -3 to 3.
nn::Data points(int count, std::uint64_t seed) {
  nn::Random random(seed);
  nn::Data data;
  for (int i = 0; i < count; ++i) {
    const double x = random.uniform(-3, 3);
    data.push_back({{x}, {truth(x) + random.normal(0, 0.2)}});
  }
  return data;
}

void report(const char* name, const nn::Mlp& net, const nn::Data& train, const nn::Data& test) {
  std::cout << std::left << std::setw(28) << name << std::right << "  R^2 "
            << nn::r_squared(nn::predict(net, train), train) << " on the points, "
            << nn::r_squared(nn::predict(net, test), test) << " on others\n";
}

int main() {
  const nn::Data train = points(80, /*seed=*/1), test = points(80, /*seed=*/2);
  std::cout << std::fixed << std::setprecision(3);

  // A single unit without activation is a line, w x + b.
  nn::Mlp line({1, 1}, nn::Activation::identity);
  nn::fit(line, train, {.optimizer = nn::GradientDescent{.rate = 0.05}, .epochs = 500});
  report("a line", line, train, test);

  // With gradient descent it comes to the line that has a formula: least squares.
  double x_mean = 0, y_mean = 0, xx = 0, xy = 0;
  for (const nn::Sample& row : train) {
    x_mean += row.inputs[0] / static_cast<double>(train.size());
    y_mean += row.targets[0] / static_cast<double>(train.size());
  }
  for (const nn::Sample& row : train) {
    xx += (row.inputs[0] - x_mean) * (row.inputs[0] - x_mean);
    xy += (row.inputs[0] - x_mean) * (row.targets[0] - y_mean);
  }
  std::cout << "  y = " << line.layer(0).weight(0, 0).data() << " x + "
            << line.layer(0).bias(0).data() << ", by the formula " << xy / xx << " x + "
            << y_mean - xy / xx * x_mean << "\n\n";

  // A few bent units make a curve.
  nn::Mlp curve({1, 6, 1}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/2);
  nn::fit(curve, train, {.optimizer = nn::Adam{.rate = 0.03}, .epochs = 2000});
  report("a curve, six tanh units", curve, train, test);

  std::cout << "\n     x      the truth    line   curve\n";
  for (int i = -3; i <= 3; ++i) {
    const double x = i;
    std::cout << std::setw(6) << x << std::setw(15) << truth(x) << std::setw(8)
              << line({x})[0].data() << std::setw(8) << curve({x})[0].data() << '\n';
  }
}
