// What to try before a long training, and what to believe after it: A. Karpathy's recipe, several
// seeds instead of a lucky one, and an ensemble.

#include <cmath>
#include <iostream>

#include <nn/nn.hpp>

int main() {
  nn::Split rows = nn::split(nn::iris_data(), /*train_fraction=*/0.5, /*seed=*/2);
  const nn::Standardiser standardiser = nn::Standardiser::fit(rows.train);
  rows = {standardiser.apply(rows.train), standardiser.apply(rows.test)};
  const nn::Data few = nn::split(rows.train, 0.1).train;
  const auto new_network = [](std::uint64_t seed) {
    return nn::Mlp({4, 8, 3}, nn::Activation::tanh, nn::Activation::identity, seed);
  };
  const nn::Mlp net = new_network(1);
  const nn::FitOptions options{.loss = nn::softmax_cross_entropy,
                               .optimizer = nn::Adam{.rate = 0.02},
                               .epochs = 100,
                               .batch_size = 15};

  std::cout << "1. A network that knows nothing thinks all three species equally likely:\n   "
            << nn::check_initial_loss(net, rows.train, options.loss, nn::expected_initial_loss(3))
                   .to_string()
            << "\n2. The gradient agrees with differences, for all weights: "
            << (nn::check_model(net, few, options.loss).ok() ? "yes" : "no") << ".\n3. "
            << few.size() << " flowers can be learnt by heart:\n   "
            << nn::overfit(net, few, options, /*goal=*/0.05).to_string() << "\n\n";

  // Exclusive or has starting points from which it is not learned. One seed tells nothing.
  const nn::Data data = nn::xor_data();
  for (const std::size_t hidden : {1u, 2u, 4u}) {
    const nn::SeedRuns runs = nn::fit_seeds(
        [&](std::uint64_t seed) {
          return nn::Mlp({2, hidden, 1}, nn::Activation::tanh, nn::Activation::tanh, seed);
        },
        data, {.optimizer = nn::GradientDescent{1.2}, .epochs = 2000}, nn::seeds(20),
        [&](const nn::Mlp& each) { return nn::accuracy(nn::predict(each, data), data) == 1; });
    std::cout << "exclusive or, " << hidden << (hidden == 1 ? " hidden unit:  " : " hidden units: ")
              << runs.to_string() << '\n';
  }

  // Networks that start differently are wrong at different points, and right together.
  const nn::Data train = nn::spiral_data(160, /*noise=*/0.2, /*seed=*/1);
  const nn::Data test = nn::spiral_data(1000, /*noise=*/0.2, /*seed=*/2);
  const auto share_right = [&](const auto& net_or_nets) {
    return nn::accuracy(nn::predict(net_or_nets, test), test);
  };
  const nn::SeedRuns runs = nn::fit_seeds(
      [](std::uint64_t seed) {
        return nn::Mlp({2, 16, 8, 1}, nn::Activation::tanh, nn::Activation::tanh, seed);
      },
      train, {.optimizer = nn::Adam{.rate = 0.03}, .epochs = 300, .batch_size = 10}, nn::seeds(10),
      [&](const nn::Mlp& each) { return share_right(each) > 0.5; });
  double mean = 0;
  for (const nn::SeedRun& run : runs.runs)
    mean += share_right(run.net) / static_cast<double>(runs.runs.size());
  // Processors round the last digit of tanh in different ways; long trainings make that visible.
  const auto over = [](double share) { return 5 * std::floor(20 * share); };
  std::cout << "\nspirals: over " << over(mean) << "% of other points right by one network on "
            << "average, over " << over(share_right(runs.nets())) << "% by all together\n";
}
