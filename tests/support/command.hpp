// The command `autograd`, run by a shell, in a folder that is its own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <vector>

#include <doctest/doctest.h>

#include <tests/support/golden.hpp>
#include <tests/support/paths.hpp>

namespace command {

namespace fs = std::filesystem;

struct Result {
  int code = 0;
  std::string out, err;
};

// A new, empty folder below the build folder, in which lines of a shell are run. It is empty again
// for the next test.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_(paths::build("tests/command") / name) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }

  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::string text(const std::string& name) const { return golden::read(path_ / name); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

  // Runs the line with the command in PATH and without a terminal.
  Result run(const std::string& line) const {
    const std::string out = path_.string() + ".out", err = path_.string() + ".err";
    const std::string all = "cd '" + path_.string() + "' && PATH='" +
                            paths::build("tools/cli").string() + "':\"$PATH\" && { " + line +
                            "\n} > '" + out + "' 2> '" + err + "' < /dev/null";
    const int status = std::system(all.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status, golden::read(out),
            golden::read(err)};
  }

 private:
  fs::path path_;
};

// The lines and what they print, as in a terminal; exit codes other than 0 are told.
inline std::string transcript(const Folder& folder, const std::vector<std::string>& lines) {
  std::string result;
  for (const std::string& line : lines) {
    const Result run = folder.run(line);
    result += "$ " + line + '\n' + run.out + run.err;
    if (run.code != 0) result += "(exit code " + std::to_string(run.code) + ")\n";
    result += '\n';
  }
  return result;
}

// The line on standard error of a line that cannot be run; nothing is printed, nothing is left.
inline std::string complaint(const Folder& folder, const std::string& line) {
  const Result run = folder.run(line);
  CAPTURE(line);
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK(run.err.starts_with("autograd: "));
  return run.err;
}

}  // namespace command
