// Drawings: the picture, and what becomes of the program that draws it.

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::render;
using autograd::to_dot;
using autograd::Value;
using drawings::count;
using drawings::Directory;
using drawings::dot_is_installed;
using drawings::FakeDot;
using drawings::Path;
using drawings::Reciprocal;
using helpers::contains;

namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

// 0 where the system does not tell.
std::ptrdiff_t open_files() {
  if (!fs::exists("/proc/self/fd")) return 0;
  const fs::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

std::string error_of(const Value& y, const fs::path& path, const autograd::DotOptions& options) {
  return helpers::error_of([&] { render(y, path, options); });
}
std::string error_of(const fs::path& path, const autograd::DotOptions& options = {}) {
  return error_of(Reciprocal().f, path, options);
}

}  // namespace

TEST_CASE("render: writes the picture and the text beside it") {
  if (!dot_is_installed()) return;
  const Directory directory("render");
  const Reciprocal r;
  render(r.f, directory.path / "f.png");
  CHECK(golden::read(directory.path / "f.png").starts_with("\x89PNG"));
  CHECK(golden::read(directory.path / "f.dot") == to_dot(r.f));
  render(r.f, directory.path / "f.svg", {.title = "new"});
  CHECK(contains(golden::read(directory.path / "f.svg"), "</svg>"));
  CHECK(golden::read(directory.path / "f.dot") == to_dot(r.f, {.title = "new"}));
  render(r.f, directory.path / "f.pdf");
  CHECK(golden::read(directory.path / "f.pdf").starts_with("%PDF"));
  CHECK(directory.files() == Names{"f.dot", "f.pdf", "f.png", "f.svg"});
}

TEST_CASE("render: any path will do") {
  if (!dot_is_installed()) return;
  const Directory directory("paths");
  const fs::path before = fs::current_path();
  fs::current_path(directory.path);
  fs::create_directory("-d");
  const Names names{"-o.svg", "-d/f.svg", "a b.svg", "it's \"$HOME\" `x`;.svg", "grün.svg"};
  for (const std::string& name : names) CHECK(error_of(name) == "");
  CHECK(error_of(std::string(251, 'x') + ".svg") == "");
  fs::current_path(before);
  CHECK(directory.files().size() == 11);
}

TEST_CASE("render: the name tells the format") {
  const Directory directory("format");
  const Path nowhere(directory.path);
  CHECK(error_of(directory.path / "f.bmp") == "render(): no picture can be made of the name '" +
                                                  (directory.path / "f.bmp").string() +
                                                  "': it must end in .png, .svg or .pdf");
  for (const std::string name : {"f", ".png", "", "f.png.", "f.dot"}) {
    CHECK(contains(error_of(directory.path / name), "it must end in .png, .svg or .pdf"));
  }
  CHECK(directory.files().empty());
}

TEST_CASE("render: where nothing can be written, nothing is") {
  const Directory directory("unwritable");
  const std::string missing = (directory.path / "missing" / "f").string();
  CHECK(error_of(missing + ".png") ==
        "cannot write '" + missing +
            ".dot': No such file or directory. Give a path in a directory that exists and may be "
            "written to.");
  std::ofstream(directory.path / "file") << "text";
  CHECK(contains(error_of(directory.path / "file" / "f.png"), "Not a directory"));
  fs::create_directories(directory.path / "f.dot" / "full");
  CHECK(contains(error_of(directory.path / "f.png"), "cannot write"));
  CHECK(directory.files() == Names{"f.dot", "file"});
}

TEST_CASE("render: a missing dot leaves the text and names the cure") {
  const Directory directory("missing"), empty("empty");
  const Path path(empty.path);
  const std::string f = (directory.path / "f").string();
  CHECK(
      error_of(f + ".png") ==
      "render(): cannot draw '" + f +
          ".png': there is no program dot. Install Graphviz (apt install graphviz) and try again. "
          "The drawing is kept as text in '" +
          f + ".dot'.");
  CHECK(directory.files() == Names{"f.dot"});
  CHECK(golden::read(f + ".dot") == to_dot(Reciprocal().f));
}

TEST_CASE("render: a dot that fails is quoted, and the older picture stays") {
  const Directory directory("fails");
  const fs::path picture = directory.path / "f.png";
  std::ofstream(picture) << "older";
  SUBCASE("with an exit status") {
    const FakeDot dot("echo half; echo 'Error: one' >&2; echo two >&2; exit 3");
    CHECK(contains(error_of(picture), "dot ended with status 3: Error: one; two. The drawing is "));
  }
  SUBCASE("without a word") {
    const FakeDot dot("exit 1");
    CHECK(contains(error_of(picture), "dot ended with status 1: it gave no reason. "));
  }
  SUBCASE("without a picture") {
    const FakeDot dot("exit 0");
    CHECK(contains(error_of(picture), "dot wrote nothing: it gave no reason. "));
  }
  SUBCASE("by a signal") {
    const FakeDot dot("kill -SEGV $$");
    CHECK(contains(error_of(picture), "dot was ended by signal 11"));
  }
  SUBCASE("with more to say than a pipe holds") {
    const FakeDot dot(
        "i=0; while [ $i -lt 20000 ]; do echo 'a long line of complaints' >&2; "
        "i=$((i+1)); done; exit 1");
    CHECK(error_of(picture).size() < 1000);
  }
  SUBCASE("to start") {
    const FakeDot dot("");
    fs::permissions(dot.directory.path / "dot", fs::perms::owner_read);
    CHECK(contains(error_of(picture), "dot could not be started: Permission denied. "));
  }
  CHECK(directory.files() == Names{"f.dot", "f.png"});
  CHECK(golden::read(picture) == "older");
}

TEST_CASE("render: a dot that takes too long is ended") {
  const Directory directory("slow");
  const fs::path picture = directory.path / "f.png", trace = directory.path / "trace";
  const auto files_before = open_files();
  const auto seconds_of = [&](const std::string& script) {
    const FakeDot dot(script);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(contains(error_of(picture, {.time_limit = 0.2}),
                   "dot did not finish within 0.2 s (options.time_limit). "));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  SUBCASE("while it sleeps") { CHECK(seconds_of("exec /bin/sleep 60") < 5); }
  SUBCASE("with what it has started") {
    CHECK(seconds_of("(/bin/sleep 1; echo late > '" + trace.string() + "') & wait") < 0.9);
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  }
  SUBCASE("after a word") { CHECK(seconds_of("echo word >&2; exec /bin/sleep 60") < 5); }
  SUBCASE("while it talks") { CHECK(seconds_of("exec /usr/bin/yes >&2") < 5); }
  CHECK(open_files() == files_before);
  CHECK(directory.files() == Names{"f.dot"});
}

TEST_CASE("render: a dot that leaves a program behind is not waited for") {
  const Directory directory("behind");
  const FakeDot dot("/bin/sleep 3 & echo '<svg></svg>'");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(error_of(directory.path / "f.svg") == "");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

TEST_CASE("render: leaves no descriptor open, and runs in many threads at once") {
  const Directory directory("threads");
  const auto before = open_files();
  {
    const FakeDot dot("echo '<svg>'; /bin/cat; echo '</svg>'");
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        for (int k = 0; k < 5; ++k) {
          const Value x(i, "x");
          render(x * 2, directory.path / (std::string("f") + std::to_string(i) + ".svg"));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  CHECK(open_files() == before);
  CHECK(directory.files().size() == 8);
  CHECK(golden::read(directory.path / "f3.svg") ==
        "<svg>\n" + golden::read(directory.path / "f3.dot") + "</svg>\n");
}
