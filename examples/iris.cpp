// A network learns to tell three species of iris apart, and is tried on flowers it has never seen.

#include <iomanip>
#include <iostream>

#include <nn/nn.hpp>

int main() {
  const nn::Table table = nn::iris_table();
  const nn::Split rows = nn::split(table.data, /*train_fraction=*/0.7, /*seed=*/1);

  // Inputs of mean 0 and deviation 1, by the rows of the training alone: the others are unseen.
  const nn::Standardiser standardiser = nn::Standardiser::fit(rows.train);
  const nn::Data train = standardiser.apply(rows.train), test = standardiser.apply(rows.test);

  // Three outputs, one for each species; the cross-entropy makes probabilities of them.
  nn::Mlp net({4, 8, 3}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/1);
  std::cout << nn::summary(net) << '\n';

  const nn::FitResult result = nn::fit(net, train,
                                       {.loss = nn::softmax_cross_entropy,
                                        .optimizer = nn::Adam{.rate = 0.02},
                                        .epochs = 60,
                                        .batch_size = 15});
  std::cout << std::fixed << std::setprecision(3) << "epoch   loss  accuracy\n";
  for (const nn::Epoch& epoch : result.history) {
    if ((epoch.index + 1) % 10 != 0) continue;
    std::cout << std::setw(5) << epoch.index + 1 << std::setw(7) << epoch.loss << std::setw(10)
              << *epoch.accuracy << '\n';
  }

  const nn::ConfusionMatrix matrix =
      nn::confusion_matrix(nn::predict(net, test), test, table.classes);
  std::cout << "\nOf " << test.size() << " flowers that were not learned from:\n\n"
            << matrix.to_string() << "\naccuracy " << matrix.accuracy() << "\n";
}
