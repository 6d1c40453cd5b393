// What the tests of drawings share: a graph to draw, a directory to draw into, programs that draw.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>

namespace drawings {

namespace fs = std::filesystem;
using autograd::Value;

// How often `part` occurs in `text`.
inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++result;
  return result;
}

// A directory of its own, removed at the end.
struct Directory {
  fs::path path;
  explicit Directory(const std::string& name);
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::vector<std::string> files() const;
};

// While one is alive, programs are looked up in this directory alone.
struct Path {
  std::string before;
  explicit Path(const fs::path& directory) : before(std::getenv("PATH")) {
    setenv("PATH", directory.c_str(), 1);
  }
  ~Path() { setenv("PATH", before.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;
};

// A program dot that is this shell script.
struct FakeDot {
  Directory directory{"bin"};
  Path path{directory.path};
  explicit FakeDot(const std::string& script) {
    const fs::path program = directory.path / "dot";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
  }
};

bool dot_is_installed();

// f = 1 / (w0 x0 + w1) at w0 = -2, x0 = 3, w1 = 4.
struct Reciprocal {
  Value w0{-2, "w0"}, x0{3, "x0"}, w1{4, "w1"};
  Value y1 = w0 * x0, y2 = y1 + w1, f = 1 / y2;
  Reciprocal();
};

}  // namespace drawings
