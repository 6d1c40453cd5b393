#include "cold.hpp"

#include <array>
#include <cstdio>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "engines.hpp"
#include "machine.hpp"
#include "timing.hpp"

extern char** environ;

namespace bench {
namespace {

// The system counts a process's memory in coarse steps; less growth than this says nothing.
constexpr double kNoticed = 2e6;

// Runs the program and returns what it prints. Without a shell: names need no quoting.
std::string output_of(std::vector<std::string> command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) throw std::runtime_error("cannot open a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
  posix_spawn_file_actions_addclose(&actions, pipe_ends[1]);
  pid_t child = 0;
  const int failure =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);

  std::string text;
  std::array<char, 256> part;
  for (ssize_t n; (n = read(pipe_ends[0], part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(n));
  }
  close(pipe_ends[0]);
  int status = 0;
  if (failure == 0) waitpid(child, &status, 0);
  if (failure != 0 || status != 0) {
    throw std::runtime_error("the process for a cold gradient failed: " + command.back());
  }
  return text;
}

}  // namespace

Cold measure_cold(const std::string& program, std::string_view engine, std::string_view workload) {
  const std::string what = std::string(engine) + "," + std::string(workload);
  std::vector<double> seconds, bytes;
  for (int i = 0; i < 3; ++i) {
    std::istringstream numbers(output_of({program, "--cold-child", what}));
    Cold one;
    if (!(numbers >> one.seconds >> one.resident_bytes)) {
      throw std::runtime_error("the process for a cold gradient printed no result: " + what);
    }
    seconds.push_back(one.seconds);
    bytes.push_back(one.resident_bytes);
  }
  return {median(seconds), median(bytes)};
}

void run_cold_child(std::string_view engine, std::string_view workload) {
  const Engine* found = find_engine(engine);
  const std::unique_ptr<Job> job = found ? found->prepare(workload) : nullptr;
  if (!job) throw std::runtime_error("no such engine or workload");
  const double before = status_bytes("VmRSS:");
  const double seconds = seconds_for(*job, 1);
  const double growth = status_bytes("VmHWM:") - before;
  std::printf("%.9g %.9g\n", seconds, growth < kNoticed ? 0 : growth);
}

}  // namespace bench
