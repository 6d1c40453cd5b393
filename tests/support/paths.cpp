#include <tests/support/paths.hpp>

namespace paths {

// CMake defines the three names for this file alone, so that objects of the other files are the
// same in every copy of the project.
std::filesystem::path source(const std::string& path) {
  return std::filesystem::path(AUTOGRAD_SOURCE_DIR) / path;
}
std::filesystem::path build(const std::string& path) {
  return std::filesystem::path(AUTOGRAD_BINARY_DIR) / path;
}
std::string compiler() { return AUTOGRAD_CXX_COMPILER; }

}  // namespace paths
