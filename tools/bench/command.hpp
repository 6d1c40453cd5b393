// The command `autograd` as its users feel it: how long it takes to start, and to train.
#pragma once

#include <optional>
#include <string>

#include "measure.hpp"

namespace bench {

struct CommandTimes {
  double start_up = 0;  // seconds of `autograd eval x x=1`, as a process
  // Seconds of one epoch of `autograd train spiral --hidden 16,16`, the files that it writes left
  // out, and of nn::fit() with the same network, rows and optimizer.
  double epoch_of_command = 0, epoch_of_fit = 0;
};

// Throws: std::runtime_error if the program cannot be run or fails.
CommandTimes measure_command(const std::string& program, const Options& options);

}  // namespace bench
