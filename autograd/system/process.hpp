// Running another program.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace autograd::detail {

struct ProcessResult {
  // kStatusLost: it has ended, but how is not known, as the caller's program ignores SIGCHLD.
  enum class End { kExited, kStatusLost, kSignalled, kTimedOut, kTooLong, kNotStarted };
  End end = End::kNotStarted;
  int code = 0;        // the exit status, the signal, or why it was not started (errno)
  std::string output;  // what it wrote to its standard output
  std::string errors;  // the beginning of what it wrote to its standard error
};

struct ProcessLimits {
  double seconds = 0;
  std::size_t output_bytes = std::size_t{1} << 30;
};

// Runs command[0], looked up in PATH, without a shell, with the file `input` as its standard input,
// and waits for its end. When it takes longer or writes more than the limits allow, it is killed,
// together with what it has started. It does not outlive the thread that runs it (Linux).
ProcessResult run(const std::vector<std::string>& command, const std::filesystem::path& input,
                  const ProcessLimits& limits);

}  // namespace autograd::detail
