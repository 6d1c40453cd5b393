// Programs that tests write, compile and run: with the compiler that the tests are compiled with.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/golden.hpp>
#include <tests/support/paths.hpp>

namespace compiler {

// A folder for one test, which is removed when the test ends.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("autograd_test_" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const { return golden::read(path_ / name); }

  // Runs a command in the folder. What it prints, with its exit status in front if that is not 0.
  std::string run(const std::string& command) const {
    const std::string in = "cd '" + path_.string() + "' && ";
    const int status = std::system((in + command + " > output.txt 2>&1").c_str());
    const std::string output = read("output.txt");
    return status == 0 ? output : "failed (" + std::to_string(status) + "): " + output;
  }

  // Compiles without optimisation; headers are looked for in the folder, then in the project.
  // Returns what the compiler says: nothing if all is well.
  std::string compile(const std::string& arguments) const {
    return run("'" + paths::compiler() + "' -std=c++20 -O0 -w -I. -I'" + paths::source().string() +
               "' " + arguments);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace compiler
