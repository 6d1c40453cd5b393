#include "command.hpp"

#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <span>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <nn/nn.hpp>
#include "timing.hpp"

namespace bench {

namespace {

// Without output; in another way than by a shell, which takes as long to start as the command.
void run_silently(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& each : words) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = -1;
  const int problem =
      ::posix_spawn(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
      WEXITSTATUS(status) != 0)
    throw std::runtime_error("'" + words[0] + "' could not be run, or failed");
}

constexpr int kRows = 500;

autograd::Value logistic_loss(std::span<const autograd::Value> outputs,
                              std::span<const autograd::Value> targets) {
  return softplus(-targets[0] * outputs[0]);
}

void fit_spiral(std::size_t epochs) {
  nn::Mlp net({2, 16, 16, 1}, nn::Activation::tanh, nn::Activation::identity, /*seed=*/0);
  nn::fit(net, nn::spiral_data(kRows, 0, 0),
          {.loss = logistic_loss,
           .optimizer = nn::Adam{.rate = 0.01},
           .epochs = epochs,
           .batch_size = 10});
}

}  // namespace

CommandTimes measure_command(const std::string& program, const Options& options) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("autograd-bench-" + std::to_string(::getpid()));
  const auto train = [&](const std::string& epochs) {
    run_silently({program, "train", "spiral", "--hidden", "16,16", "--epochs", epochs, "-o",
                  folder.string()});
  };
  // An epoch is what more epochs take.
  constexpr std::size_t kFew = 100, kMany = 500;
  const auto epoch = [&](const auto& run) {
    const double few = median_seconds([&] { run(kFew); }, options.repetitions);
    const double many = median_seconds([&] { run(kMany); }, options.repetitions);
    return (many - few) / (kMany - kFew);
  };
  CommandTimes result;
  result.start_up = median_seconds(
      [&] {
        run_silently({program, "eval", "x", "x=1"});
      },
      10 * options.repetitions);
  result.epoch_of_command = epoch([&](std::size_t epochs) { train(std::to_string(epochs)); });
  result.epoch_of_fit = epoch(fit_spiral);
  std::filesystem::remove_all(folder);
  return result;
}

}  // namespace bench
