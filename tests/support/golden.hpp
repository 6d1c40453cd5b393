// Expected output kept in files: tests/golden/<name>. UPDATE_GOLDEN=1 in the environment writes
// them.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace golden {

inline std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void check(const std::string& name, const std::string& text);
// The same for any file of the project, by its path from the root.
void check_file(const std::filesystem::path& file, const std::string& text);

}  // namespace golden
