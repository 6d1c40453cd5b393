// How often small networks learn exclusive or: trains one from each of many seeds and counts.
//
// Usage: xor_seeds [SEEDS [HIDDEN...]]    (100 2 4 8 if not given)
//
// The networks are 2-HIDDEN-1 with tanh, sigmoid or relu units and a tanh output. Learned means
// right on all four rows, each output less than 1/2 from its target; not learned is reported as
// just that.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <nn/nn.hpp>

namespace {

constexpr int kEpochs = 2000;
constexpr double kRate = 0.3;

// Full batches: the gradients of the four rows add up.
void train(nn::Mlp& net, const nn::Data& data) {
  const nn::GradientDescent descent{kRate};
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    nn::zero_grad(net.parameters());
    for (const auto& [inputs, targets] : data) {
      nn::half_squared_error(net(inputs), targets).backward();
    }
    descent.step(net.parameters());
  }
}

bool has_learned(const nn::Mlp& net, const nn::Data& data) {
  return std::all_of(data.begin(), data.end(), [&](const nn::Sample& row) {
    return std::abs(net(row.inputs)[0].data() - row.targets[0]) < 0.5;
  });
}

std::size_t count_learned(std::size_t hidden, const nn::Activation& activation, std::size_t seeds) {
  const nn::Data data = nn::xor_data();
  std::size_t count = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    nn::Mlp net({2, hidden, 1}, activation, nn::Activation::tanh, seed);
    train(net, data);
    if (has_learned(net, data)) ++count;
  }
  return count;
}

std::size_t whole_number(const std::string& text) {
  std::size_t result = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc() || stop != end || result == 0 || result > 1'000'000) {
    throw std::invalid_argument("expected a whole number from 1 to 1000000, got '" + text + "'");
  }
  return result;
}

void print_table(std::size_t seeds, const std::vector<std::size_t>& hidden) {
  std::printf("XOR learned, of %zu seeds: %d epochs, full batch, rate %g, half squared error\n",
              seeds, kEpochs, kRate);
  std::printf("%-10s%10s%10s%10s\n", "network", "tanh", "sigmoid", "relu");
  for (const std::size_t units : hidden) {
    std::printf("%-10s", (std::string("2-") + std::to_string(units) + "-1").c_str());
    for (const auto* activation :
         {&nn::Activation::tanh, &nn::Activation::sigmoid, &nn::Activation::relu}) {
      std::printf("%10zu", count_learned(units, *activation, seeds));
      std::fflush(stdout);
    }
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 100;
  std::vector<std::size_t> hidden;
  try {
    if (argc > 1) seeds = whole_number(argv[1]);
    for (int i = 2; i < argc; ++i) hidden.push_back(whole_number(argv[i]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "xor_seeds: %s\nusage: xor_seeds [SEEDS [HIDDEN...]]\n", error.what());
    return 2;
  }
  if (hidden.empty()) hidden = {2, 4, 8};
  try {
    print_table(seeds, hidden);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "xor_seeds: %s\n", error.what());
    return 1;
  }
}
