#include "autograd/system/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace autograd::detail {

namespace {

using Clock = std::chrono::steady_clock;
using End = ProcessResult::End;

constexpr std::size_t kErrorsKept = 4096;
constexpr int kLookMilliseconds = 5;  // how often to see whether a program that is silent has ended

// Never one of the three standard ones, though the caller may have closed these: a child process
// puts others in their place.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) { set(number); }
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void set(int number) {
    number_ = number;
    if (number < 0 || number > STDERR_FILENO) return;
    number_ = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(number);
  }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

// What a program writes, of which so many bytes are kept.
class Pipe {
 public:
  explicit Pipe(std::size_t most_kept) : most_kept_(most_kept) {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    reading_.set(ends[0]);
    writing_.set(ends[1]);
    fcntl(reading_.number(), F_SETFL, O_NONBLOCK);
  }

  bool is_open() const { return writing_.number() >= 0; }
  int reading() const { return reading_.number(); }
  int writing() const { return writing_.number(); }
  void close_writing() { writing_.close(); }
  bool is_over_full() const { return is_over_full_; }

  // Takes what there is, but no more than a pipe holds: a program that never stops writing must not
  // keep the caller from looking at the clock.
  void read_into(std::string& kept) {
    constexpr int kReadsAtATime = 16;
    std::array<char, 65536> text;
    for (int i = 0; reading_.number() >= 0 && i < kReadsAtATime; ++i) {
      const ssize_t size = read(reading_.number(), text.data(), text.size());
      if (size < 0) return;
      if (size == 0) return reading_.close();
      const std::size_t room = most_kept_ - kept.size(), given = static_cast<std::size_t>(size);
      kept.append(text.data(), std::min(room, given));
      is_over_full_ = is_over_full_ || given > room;
    }
  }

 private:
  std::size_t most_kept_;
  Descriptor reading_, writing_;
  bool is_over_full_ = false;
};

// A number that a child process can leave for its parent.
class SharedNumber {
 public:
  SharedNumber()
      : number_(static_cast<int*>(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~SharedNumber() {
    if (is_there()) munmap(number_, sizeof(int));
  }
  SharedNumber(const SharedNumber&) = delete;
  SharedNumber& operator=(const SharedNumber&) = delete;

  bool is_there() const { return number_ != MAP_FAILED; }
  int& operator*() { return *number_; }

 private:
  int* number_;
};

// In the child, where only functions that are safe in signal handlers may be called.
[[noreturn]] void become(char* const* arguments, int input, int output, int errors, pid_t parent,
                         int& why_not) {
  // A process group of its own, to kill what it has started with it.
  setpgid(0, 0);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it ended before it could be watched
#else
  static_cast<void>(parent);
#endif
  if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(errors, STDERR_FILENO) >= 0) {
    execvp(arguments[0], arguments);
  }
  why_not = errno;
  _exit(1);
}

// Whether the child has ended, and how. `flags` as of waitpid.
bool has_ended(pid_t child, int flags, ProcessResult& result) {
  int status = 0;
  pid_t ended;
  do {
    ended = waitpid(child, &status, flags);
  } while (ended < 0 && errno == EINTR);
  if (ended == 0) return false;
  result.code = 0;
  if (ended < 0) {
    result.end = End::kStatusLost;
  } else if (WIFSIGNALED(status)) {
    result.end = End::kSignalled;
    result.code = WTERMSIG(status);
  } else {
    result.end = End::kExited;
    result.code = WEXITSTATUS(status);
  }
  return true;
}

void kill_group(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL);  // which may not have made its group yet
}

}  // namespace

ProcessResult run(const std::vector<std::string>& command, const std::filesystem::path& input,
                  const ProcessLimits& limits) {
  ProcessResult result;
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  const auto begin = Clock::now();
  const Descriptor file(open(input.c_str(), O_RDONLY | O_CLOEXEC));
  Pipe output(limits.output_bytes), errors(kErrorsKept);
  SharedNumber why_not;
  const pid_t parent = getpid();
  const bool is_ready =
      file.number() >= 0 && output.is_open() && errors.is_open() && why_not.is_there();
  const pid_t child = is_ready ? fork() : -1;
  if (child == 0) {
    become(arguments.data(), file.number(), output.writing(), errors.writing(), parent, *why_not);
  }
  if (child < 0) {
    result.code = errno;
    return result;
  }
  output.close_writing();
  errors.close_writing();

  while (!has_ended(child, WNOHANG, result)) {
    // A closed end is -1, and then only the time passes.
    std::array<pollfd, 2> ready{{{output.reading(), POLLIN, 0}, {errors.reading(), POLLIN, 0}}};
    poll(ready.data(), ready.size(), kLookMilliseconds);
    output.read_into(result.output);
    errors.read_into(result.errors);
    const bool is_late =
        !(std::chrono::duration<double>(Clock::now() - begin).count() < limits.seconds);
    if (!is_late && !output.is_over_full()) continue;
    kill_group(child);
    has_ended(child, 0, result);
    result.end = is_late ? End::kTimedOut : End::kTooLong;
    return result;
  }
  // What it has left in the pipes, which hold less than is read at a time.
  output.read_into(result.output);
  errors.read_into(result.errors);
  if (*why_not != 0) {
    result.end = End::kNotStarted;
    result.code = *why_not;
  }
  return result;
}

}  // namespace autograd::detail
