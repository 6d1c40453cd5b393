#include "autograd/file.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <new>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <autograd/error.hpp>

namespace autograd::file {

namespace {

namespace fs = std::filesystem;

constexpr const char* kReadAdvice = "Give the path of a file that exists and may be read.";
constexpr const char* kWriteAdvice =
    "Give a path in a directory that exists and may be written to.";

std::string quoted(const fs::path& path) {
  std::string result = "'";
  // A path ends for the system where it has a zero.
  for (const char c : path.native()) result += c == '\0' ? std::string("\\0") : std::string(1, c);
  return result + '\'';
}

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error_number,
                       const std::string& advice) {
  throw Error("cannot " + what + ' ' + quoted(path) + ": " +
              std::generic_category().message(error_number) + ". " + advice);
}

[[noreturn]] void refuse(const std::string& what, const fs::path& path, const std::string& expected,
                         const std::string& given) {
  throw Error("cannot " + what + ' ' + quoted(path) + ": expected " + expected + ", got " + given +
              '.');
}

void check_name(const std::string& what, const fs::path& path) {
  if (path.native().find('\0') != fs::path::string_type::npos)
    refuse(what, path, "a path without zeros", "one with a zero in it");
}

void check_regular(const std::string& what, const fs::path& path, const struct stat& about) {
  if (S_ISREG(about.st_mode)) return;
  refuse(what, path, "a regular file",
         S_ISDIR(about.st_mode) ? "a directory" : "a device or a pipe");
}

// Closed when it goes out of scope, unless it has been closed before.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  int close() {
    const int result = number_ < 0 ? 0 : ::close(number_);
    number_ = -1;
    return result;
  }

 private:
  int number_;
};

// While one is alive, this thread gets no signals that it could be ended by, but for SIGKILL.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

// Where a link, or a link to a link, leads; that there is nothing yet does not matter.
fs::path followed(const fs::path& path) {
  constexpr int kMostLinks = 40;  // as the system
  fs::path result = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks; ++i) {
    const fs::path next = fs::read_symlink(result, error);
    if (error) return result;
    result = result.parent_path() / next;
  }
  fail("write", path, ELOOP, kWriteAdvice);
}

std::string unique_ending() {
  static std::atomic<unsigned> files_made{0};
  return std::to_string(getpid()) + '-' + std::to_string(++files_made);
}

// The target's name is cut, so that this one is not too long if that one just is not.
fs::path name_beside(const fs::path& target, const std::string& ending) {
  return target.parent_path() / ('.' + target.filename().string().substr(0, 200) + '.' + ending);
}

// The rest return 0 or the number of the error.

int write_all(int file, std::string_view text, std::optional<mode_t> mode) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (mode && fchmod(file, *mode) != 0) return errno;
  // Before the file takes its place, should the power fail.
  return fsync(file) == 0 ? 0 : errno;
}

int rename_or_remove(const fs::path& temporary, const fs::path& target) {
  if (std::rename(temporary.c_str(), target.c_str()) == 0) return 0;
  const int error = errno;
  unlink(temporary.c_str());
  return error;
}

#ifdef O_TMPFILE
// By a file without a name, which is given one when it is complete. Nothing where the system has
// no such files.
std::optional<int> write_unnamed(const fs::path& target, std::string_view text,
                                 std::optional<mode_t> mode) {
  const fs::path directory = target.has_parent_path() ? target.parent_path() : ".";
  const Descriptor file(open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
  if (file.number() < 0) return {};  // write_named() says why
  if (const int error = write_all(file.number(), text, mode)) return error;
  const std::string unnamed = "/proc/self/fd/" + std::to_string(file.number());
  const auto link_as = [&](const fs::path& name) {
    return linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  };
  if (!mode && link_as(target)) return 0;
  if (!mode && errno != EEXIST) return {};
  // A file that exists is replaced by renaming, and that takes a name. It is always the same, and so
  // a process that is killed just then leaves one file, which the next that writes here removes. A
  // lock on the directory, which ends with the process, keeps others from this name meanwhile.
  const Descriptor locked(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const bool is_locked = flock(locked.number(), LOCK_EX | LOCK_NB) == 0;
  const fs::path temporary = name_beside(target, is_locked ? "autograd" : unique_ending());
  const SignalsBlocked guard;
  if (is_locked) unlink(temporary.c_str());
  if (!link_as(temporary)) return {};
  return rename_or_remove(temporary, target);
}
#else
std::optional<int> write_unnamed(const fs::path&, std::string_view, std::optional<mode_t>) {
  return {};
}
#endif

int write_named(const fs::path& target, std::string_view text, std::optional<mode_t> mode) {
  const fs::path temporary = name_beside(target, unique_ending());
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.number() < 0) return errno;
  int error = write_all(file.number(), text, mode);
  if (file.close() != 0 && error == 0) error = errno;
  if (error == 0) return rename_or_remove(temporary, target);
  unlink(temporary.c_str());
  return error;
}

}  // namespace

std::string read(const fs::path& path, std::size_t max_bytes) try {
  check_name("read", path);
  // O_NONBLOCK: opening a pipe does not wait for a writer.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat about {};
  if (file.number() < 0 || fstat(file.number(), &about) != 0)
    fail("read", path, errno, kReadAdvice);
  check_regular("read", path, about);
  if (static_cast<std::size_t>(about.st_size) > max_bytes) {
    refuse("read", path, "at most " + std::to_string(max_bytes) + " bytes",
           std::to_string(about.st_size));
  }
  std::string result(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < result.size()) {
    const ssize_t got = ::read(file.number(), result.data() + size, result.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path, errno, kReadAdvice);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  result.resize(size);
  return result;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void write(const fs::path& path, std::string_view text) try {
  check_name("write", path);
  struct stat about {};
  const bool exists = stat(path.c_str(), &about) == 0;
  if (exists) check_regular("write", path, about);
  const fs::path target = followed(path);
  const std::optional<mode_t> mode = exists ? std::optional(about.st_mode & 0777) : std::nullopt;
  std::optional<int> error = write_unnamed(target, text, mode);
  if (!error) error = write_named(target, text, mode);
  if (*error != 0) fail("write", path, *error, kWriteAdvice);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd::file
