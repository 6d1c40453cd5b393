// Where the tests find the project's files.
#pragma once

#include <filesystem>
#include <string>

namespace paths {

// A file or folder of the source tree, by its path from the root.
std::filesystem::path source(const std::string& path = "");

// The same below the build folder.
std::filesystem::path build(const std::string& path = "");

// The compiler with which the tests were compiled.
std::string compiler();

}  // namespace paths
