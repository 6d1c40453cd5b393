// Files that tests write and read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <unistd.h>

namespace files {

namespace fs = std::filesystem;

// A directory that is empty before and gone after.
struct Folder {
  fs::path path = new_path();
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }

 private:
  static fs::path new_path() {
    static int made = 0;
    return fs::temp_directory_path() /
           ("autograd-" + std::to_string(::getpid()) + '-' + std::to_string(++made));
  }
};

inline void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace files
