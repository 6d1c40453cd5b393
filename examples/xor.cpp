// A small network learns exclusive or, which no single unit can.

#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include <nn/nn.hpp>

using autograd::Value;

// The mean squared error over all rows, as one Value: its gradient is what we need.
Value loss_of(const nn::Mlp& net, const nn::Data& data) {
  std::vector<Value> outputs;
  std::vector<double> targets;
  for (const nn::Sample& row : data) {
    outputs.push_back(net(row.inputs)[0]);
    targets.push_back(row.targets[0]);
  }
  return nn::mean_squared_error(outputs, targets);
}

int main() {
  const nn::Data data = nn::xor_data();
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/1);
  const nn::GradientDescent descent{.rate = 0.1};

  std::cout << std::fixed << std::setprecision(4);
  for (int step = 0; step <= 400; ++step) {
    Value loss = loss_of(net, data);
    if (step % 100 == 0) std::cout << "step " << step << "  loss " << loss << "\n";
    nn::zero_grad(net.parameters());
    loss.backward();
    descent.step(net.parameters());
  }

  // It has learned when every row is right, not when the loss looks small.
  int right = 0;
  for (const nn::Sample& row : data) {
    const double output = net(row.inputs)[0].data();
    if (std::abs(output - row.targets[0]) < 0.5) ++right;
    std::cout << (row.inputs[0] > 0) << " xor " << (row.inputs[1] > 0) << " = " << output << "\n";
  }
  std::cout << right << " of 4 rows are right\n";
  return right == 4 ? 0 : 1;
}
