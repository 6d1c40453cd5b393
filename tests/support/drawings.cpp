#include "tests/support/drawings.hpp"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include <doctest/doctest.h>

namespace drawings {

Directory::Directory(const std::string& name) : path(fs::temp_directory_path()) {
  path /= "autograd-dot-test-" + std::to_string(getpid()) + "-" + name;
  fs::remove_all(path);
  fs::create_directories(path);
}
Directory::~Directory() { fs::remove_all(path); }

std::vector<std::string> Directory::files() const {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator(path)) {
    result.push_back(entry.path().filename().string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

bool dot_is_installed() {
  static const bool result = std::system("command -v dot > /dev/null 2>&1") == 0;
  if (!result) MESSAGE("dot is not installed: nothing is drawn");
  return result;
}

Reciprocal::Reciprocal() {
  y1.set_label("y1");
  y2.set_label("y2");
  f.set_label("f");
}

}  // namespace drawings
