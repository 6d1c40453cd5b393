#include "autograd/system/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace autograd::detail {

namespace {

using Clock = std::chrono::steady_clock;
using End = ProcessResult::End;

constexpr std::size_t kErrorsKept = 4096;
constexpr int kReadsAtATime = 16;
constexpr int kLookMilliseconds = 5;  // how often to see whether a program that is silent has ended

// The reading end of a pipe.
class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    reading_ = ends[0];
    writing_ = ends[1];
    fcntl(reading_, F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close_end(reading_);
    close_end(writing_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writing() const { return writing_; }
  void close_writing() { close_end(writing_); }

  // Waits a moment, then takes what there is.
  void read_into(std::string& kept, int wait_milliseconds) {
    pollfd ready{reading_, POLLIN, 0};  // a closed end is skipped, and only the time passes
    if (poll(&ready, 1, wait_milliseconds) <= 0) return;
    std::array<char, 4096> text;
    for (int i = 0; i < kReadsAtATime; ++i) {
      const ssize_t size = read(reading_, text.data(), text.size());
      if (size < 0) return;
      if (size == 0) return close_end(reading_);
      const std::size_t room = kErrorsKept - kept.size();
      kept.append(text.data(), std::min(room, static_cast<std::size_t>(size)));
    }
  }

 private:
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  int reading_ = -1, writing_ = -1;
};

// 0, or why the program could not be started.
int start(const std::vector<std::string>& command, int error_output, pid_t& child) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  if (const int error = posix_spawn_file_actions_init(&files)) return error;
  if (const int error = posix_spawnattr_init(&attributes)) {
    posix_spawn_file_actions_destroy(&files);
    return error;
  }
  posix_spawn_file_actions_adddup2(&files, error_output, STDERR_FILENO);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  // A process group of its own, to kill what it has started with it.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int error =
      posix_spawnp(&child, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

// Whether the child has ended, and how. `flags` as of waitpid.
bool has_ended(pid_t child, int flags, ProcessResult& result) {
  int status = 0;
  pid_t ended;
  do {
    ended = waitpid(child, &status, flags);
  } while (ended < 0 && errno == EINTR);
  if (ended == 0) return false;
  if (ended < 0) {  // the caller's program ignores SIGCHLD: the status is lost
    result = {End::kExited, 0, result.errors};
  } else if (WIFSIGNALED(status)) {
    result = {End::kSignalled, WTERMSIG(status), result.errors};
  } else {
    result = {End::kExited, WEXITSTATUS(status), result.errors};
  }
  return true;
}

}  // namespace

ProcessResult run(const std::vector<std::string>& command, double time_limit) {
  ProcessResult result;
  Pipe errors;
  if (errors.writing() < 0) {
    result.code = errno;
    return result;
  }
  const auto begin = Clock::now();
  pid_t child = 0;
  result.code = start(command, errors.writing(), child);
  errors.close_writing();
  if (result.code != 0) return result;

  while (!has_ended(child, WNOHANG, result)) {
    errors.read_into(result.errors, kLookMilliseconds);
    if (std::chrono::duration<double>(Clock::now() - begin).count() < time_limit) continue;
    kill(-child, SIGKILL);
    has_ended(child, 0, result);
    result.end = End::kTimedOut;
    return result;
  }
  errors.read_into(result.errors, 0);
  return result;
}

}  // namespace autograd::detail
