// Running another program.
#pragma once

#include <string>
#include <vector>

namespace autograd::detail {

struct ProcessResult {
  enum class End { kExited, kSignalled, kTimedOut, kNotStarted };
  End end = End::kNotStarted;
  int code = 0;        // the exit status, the signal, or why it was not started (errno)
  std::string errors;  // the beginning of what it wrote to its standard error
};

// Runs command[0], looked up in PATH, without a shell, and waits for its end. It reads nothing, and
// what it writes to its standard output is dropped. After `time_limit` seconds it is killed,
// together with what it has started.
ProcessResult run(const std::vector<std::string>& command, double time_limit);

}  // namespace autograd::detail
