#include "autograd/system/file.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <autograd/error.hpp>

namespace autograd::detail {

namespace {

std::atomic<unsigned> files_made{0};

std::filesystem::path name_beside(const std::filesystem::path& target) {
  // The target's name is cut, so that this one is not too long if that one just is not.
  std::string name = ".";
  name += target.filename().string().substr(0, 200);
  name += '.' + std::to_string(getpid()) + '-' + std::to_string(++files_made);
  return target.parent_path() / name;
}

}  // namespace

TemporaryFile::TemporaryFile(std::filesystem::path target)
    : target_(std::move(target)), path_(name_beside(target_)) {
  const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) fail(errno);
  close(file);
}

TemporaryFile::~TemporaryFile() {
  if (!committed_) unlink(path_.c_str());
}

void TemporaryFile::write(std::string_view text) {
  const int file = open(path_.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) fail(errno);
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error_number = errno;
      close(file);
      fail(error_number);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (close(file) != 0) fail(errno);
}

void TemporaryFile::commit() {
  std::error_code error;
  std::filesystem::rename(path_, target_, error);
  if (error) fail(error.value());
  committed_ = true;
}

void TemporaryFile::fail(int error_number) const {
  throw Error("cannot write '" + target_.string() +
              "': " + std::generic_category().message(error_number) +
              ". Give a path in a directory that exists and may be written to.");
}

}  // namespace autograd::detail
