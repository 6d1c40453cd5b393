// render() against careless programs and paths: pictures that are none, links, pipes, signals.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using drawings::Directory;
using drawings::FakeDot;
using drawings::Reciprocal;
using helpers::contains;

namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

std::string error_of(const fs::path& path) {
  return helpers::error_of([&] { autograd::render(Reciprocal().f, path); });
}

// The smallest text that is taken for a picture.
constexpr const char* kWritesSvg = "echo '<svg></svg>'";

// SIGCHLD is ignored while one is alive.
struct ChildrenIgnored {
  ChildrenIgnored() { std::signal(SIGCHLD, SIG_IGN); }
  ~ChildrenIgnored() { std::signal(SIGCHLD, SIG_DFL); }
};

// Waits until it is so, at most for some seconds.
template <class Condition> bool comes_true(const Condition& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("render: what is no complete picture is not taken for one") {
  const Directory directory("no_picture");
  const struct {
    const char *name, *script;
  } cases[] = {{"f.svg", "echo picture"},
               {"f.svg", "echo '<svg>'"},
               {"f.svg", "echo '</svg>'"},
               {"f.png", "echo '<svg></svg>'"},
               {"f.png", "printf '\\211PNG\\r\\n\\032\\nhalf'"},
               {"f.png", "printf 'IEND\\256B\\140\\202'"},
               {"f.pdf", "echo '%PDF-1.7'"},
               {"f.pdf", "echo '%%EOF'"}};
  for (const auto& each : cases) {
    CAPTURE(each.script);
    const FakeDot dot(each.script);
    CHECK(contains(error_of(directory.path / each.name),
                   "dot wrote no complete picture: it gave no reason. The drawing is kept"));
  }
  CHECK(directory.files() == Names{"f.dot"});
}

TEST_CASE("render: pictures of each kind are known") {
  const Directory directory("pictures");
  const struct {
    const char *name, *script;
  } cases[] = {{"f.svg", "echo '<?xml version=\"1.0\"?><svg></svg>'"},
               {"f.png", "printf '\\211PNG\\r\\n\\032\\n...IEND\\256B\\140\\202'"},
               {"f.pdf", "printf '%%PDF-1.7\\n...%%%%EOF\\n'"}};
  for (const auto& each : cases) {
    CAPTURE(each.script);
    const FakeDot dot(each.script);
    CHECK(error_of(directory.path / each.name).empty());
  }
  CHECK(directory.files() == Names{"f.dot", "f.pdf", "f.png", "f.svg"});
}

TEST_CASE("render: where SIGCHLD is ignored, a dot that fails is told from one that draws") {
  const Directory directory("ignored");
  const ChildrenIgnored guard;
  {
    const FakeDot dot("echo 'Error: one' >&2; exit 1");
    CHECK(contains(error_of(directory.path / "f.svg"), "dot wrote nothing: Error: one"));
  }
  {
    const FakeDot dot("echo '<svg>'; exit 1");
    CHECK(contains(error_of(directory.path / "f.svg"), "dot wrote no complete picture"));
  }
  CHECK(directory.files() == Names{"f.dot"});
  const FakeDot dot(kWritesSvg);
  CHECK(error_of(directory.path / "f.svg").empty());
}

TEST_CASE("render: links are followed, pipes are refused, and a zero in a path too") {
  const Directory directory("links");
  const FakeDot dot(kWritesSvg);
  fs::create_symlink("target.svg", directory.path / "link.svg");
  for (int i = 0; i < 2; ++i) {  // first it leads nowhere
    CHECK(error_of(directory.path / "link.svg").empty());
    CHECK(fs::is_symlink(directory.path / "link.svg"));
    CHECK(golden::read(directory.path / "target.svg") == "<svg></svg>\n");
  }
  const fs::path pipe = directory.path / "pipe.svg";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_of(pipe) ==
        "cannot write '" + pipe.string() + "': expected a regular file, got a device or a pipe.");
  CHECK(fs::is_fifo(pipe));
  CHECK(contains(error_of((directory.path / "a").string() + '\0' + ".svg"),
                 "expected a path without zeros, got one with a zero in it."));
  CHECK(directory.files() == Names{"link.dot", "link.svg", "pipe.dot", "pipe.svg", "target.svg"});
}

TEST_CASE("render: a large picture comes through the pipe, and one without end does not") {
  const Directory directory("large_picture");
  const FakeDot dot(
      "echo '<svg>'; i=0; while [ $i -lt 4000 ]; do echo \"$i "
      "0123456789012345678901234567890123456789012345678901234567890123456789\"; i=$((i+1)); done; "
      "echo '</svg>'");
  CHECK(error_of(directory.path / "f.svg").empty());
  const std::string picture = golden::read(directory.path / "f.svg");
  CHECK(picture.size() > 250'000);
  CHECK(contains(picture, "3999 0123"));
}

#ifdef __linux__

TEST_CASE("render: a program without standard input and outputs") {
  const Directory directory("closed");
  const FakeDot dot("read line; case $line in digraph*) echo '<svg></svg>';; esac");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(standard);
    ::_exit(error_of(directory.path / "f.svg").empty() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("render: a program that is interrupted takes dot with it and leaves no half picture") {
  const Directory directory("interrupted");
  const fs::path who = directory.path / "who";
  const FakeDot dot("echo $$ > '" + who.string() + "'; echo '<svg>'; exec /bin/sleep 60");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGINT, SIG_DFL);
    autograd::render(Reciprocal().f, directory.path / "f.svg");
    ::_exit(0);
  }
  REQUIRE(comes_true([&] { return fs::exists(who) && fs::file_size(who) > 0; }));
  const pid_t drawing = std::stoi(golden::read(who));
  CHECK(::kill(drawing, 0) == 0);
  ::kill(child, SIGINT);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  // It may be there until the first process has noticed its end.
  const auto is_over = [&] {
    const std::string state = golden::read("/proc/" + std::to_string(drawing) + "/stat");
    return state.empty() || contains(state, ") Z ");
  };
  CHECK(comes_true(is_over));
  CHECK(directory.files() == Names{"f.dot", "who"});
}

#endif
