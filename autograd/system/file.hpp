// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace autograd::detail {

// An empty file beside `target` that takes its place on commit(), and is removed otherwise.
//
// Throws:   Error if the file cannot be made or cannot take the place of the target.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(std::string_view text);
  void commit();

 private:
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path target_, path_;
  bool committed_ = false;
};

}  // namespace autograd::detail
