#include "nn/text/file.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <autograd/autograd.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace {

[[noreturn]] void fail_with(int error_number, const std::string& what,
                            const std::filesystem::path& path, const std::string& advice) {
  throw autograd::Error("nn: cannot " + what + " '" + path.string() +
                        "': " + std::generic_category().message(error_number) + ". " + advice);
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

void check_regular(const std::string& what, const struct stat& about) {
  if (S_ISREG(about.st_mode)) return;
  fail(what, "a regular file", S_ISDIR(about.st_mode) ? "a directory" : "a device or a pipe");
}

std::filesystem::path name_beside(const std::filesystem::path& target) {
  static std::atomic<unsigned> files_made{0};
  // The target's name is cut, so that this one is not too long if that one just is not.
  std::string name = ".";
  name += target.filename().string().substr(0, 200);
  name += '.' + std::to_string(getpid()) + '-' + std::to_string(++files_made);
  return target.parent_path() / name;
}

// 0 or the number of the error.
int write_all(Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Before the file takes its place, should the power fail.
  if (fsync(file.number()) != 0) return errno;
  return file.close() == 0 ? 0 : errno;
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const std::string advice = "Give the path of a file that exists and may be read.";
  // O_NONBLOCK: opening a pipe does not wait for a writer.
  Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat about {};
  if (file.number() < 0 || fstat(file.number(), &about) != 0) {
    fail_with(errno, "read", path, advice);
  }
  const std::string what = "nn: reading '" + path.string() + "'";
  check_regular(what, about);
  if (static_cast<std::size_t>(about.st_size) > max_bytes) {
    fail(what, "at most " + counted(max_bytes, "byte"), std::to_string(about.st_size));
  }
  std::string result(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < result.size()) {
    const ssize_t got = ::read(file.number(), result.data() + size, result.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_with(errno, "read", path, advice);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  result.resize(size);
  return result;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  const std::string advice = "Give a path in a directory that exists and may be written to.";
  struct stat about {};
  const bool exists = stat(path.c_str(), &about) == 0;
  if (exists) check_regular("nn: writing '" + path.string() + "'", about);
  std::error_code error;
  std::filesystem::path target = canonical(path, error);  // where a link leads
  if (error) target = path;
  const std::filesystem::path temporary = name_beside(target);
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                       exists ? about.st_mode & 0777 : 0666));
  if (file.number() < 0) fail_with(errno, "write", path, advice);
  int error_number = write_all(file, text);
  if (error_number == 0) {
    std::filesystem::rename(temporary, target, error);
    error_number = error.value();
  }
  if (error_number == 0) return;
  unlink(temporary.c_str());
  fail_with(error_number, "write", path, advice);
}

}  // namespace nn::detail
