// Files that are written and read whole: links, pipes, careless paths, and processes that are killed.

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/error.hpp>
#include <autograd/file.hpp>
#include <tests/support/nn_files.hpp>

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMost = 1 << 20;

// What f() throws.
template <class F> std::string error_in(const F& f) {
  try {
    f();
  } catch (const autograd::Error& error) {
    return error.what();
  }
  return "no error";
}

std::string write_error(const fs::path& path) {
  return error_in([&] { autograd::file::write(path, "new"); });
}

std::string read_error(const fs::path& path) {
  return error_in([&] { autograd::file::read(path, kMost); });
}

}  // namespace

TEST_CASE("file: what is written is read back, and nothing else is left") {
  const files::Folder folder;
  const fs::path path = folder.path / "a.txt";
  const std::string all_bytes = [] {
    std::string result;
    for (int i = 0; i < 1024; ++i) result += static_cast<char>(i);
    return result;
  }();
  for (const std::string& text : {std::string("one"), std::string(), all_bytes}) {
    autograd::file::write(path, text);
    CHECK(autograd::file::read(path, kMost) == text);
    CHECK(folder.files() == 1);
  }
}

TEST_CASE("file: a file that is replaced leaves its permissions") {
  const files::Folder folder;
  const fs::path path = folder.path / "a.txt";
  files::write(path, "old");
  for (const unsigned mode : {0600u, 0666u, 0444u}) {
    fs::permissions(path, static_cast<fs::perms>(mode));
    autograd::file::write(path, "new");
    CHECK(static_cast<unsigned>(fs::status(path).permissions()) == mode);
  }
}

TEST_CASE("file: links are followed, to a file that exists and to one that does not") {
  const files::Folder folder;
  fs::create_directory(folder.path / "d");
  const fs::path link = folder.path / "link", to_link = folder.path / "to_link";
  fs::create_symlink("d/target", link);
  fs::create_symlink("link", to_link);
  for (const std::string text : {"first", "second"}) {
    autograd::file::write(to_link, text);
    CHECK(fs::is_symlink(link));
    CHECK(fs::is_symlink(to_link));
    CHECK(files::read(folder.path / "d" / "target") == text);
  }
  const fs::path round = folder.path / "round";
  fs::create_symlink("round", round);
  CHECK(write_error(round) ==
        "cannot write '" + round.string() +
            "': Too many levels of symbolic links. Give a path in a directory that exists and may "
            "be written to.");
  CHECK(fs::is_symlink(round));
}

TEST_CASE("file: a second name of the file keeps the old text") {
  const files::Folder folder;
  files::write(folder.path / "a", "old");
  fs::create_hard_link(folder.path / "a", folder.path / "b");
  autograd::file::write(folder.path / "a", "new");
  CHECK(files::read(folder.path / "b") == "old");
}

TEST_CASE("file: what is no regular file is refused and stays") {
  const files::Folder folder;
  const fs::path pipe = folder.path / "pipe", link = folder.path / "link";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  fs::create_symlink("pipe", link);
  for (const fs::path& path : {pipe, link}) {
    const std::string about =
        "'" + path.string() + "': expected a regular file, got a device or a pipe.";
    CHECK(write_error(path) == "cannot write " + about);
    CHECK(read_error(path) == "cannot read " + about);
  }
  CHECK(read_error("/dev/null") ==
        "cannot read '/dev/null': expected a regular file, got a device or a pipe.");
  CHECK(fs::is_fifo(pipe));
  CHECK(write_error(folder.path) ==
        "cannot write '" + folder.path.string() + "': expected a regular file, got a directory.");
  CHECK(folder.files() == 2);
}

TEST_CASE("file: careless paths are refused, and nothing is written beside them") {
  const files::Folder folder;
  const std::string with_zero = (folder.path / "a").string() + '\0' + "b";
  const std::string shown = "'" + (folder.path / "a").string() + "\\0b'";
  CHECK(write_error(with_zero) ==
        "cannot write " + shown + ": expected a path without zeros, got one with a zero in it.");
  CHECK(read_error(with_zero) ==
        "cannot read " + shown + ": expected a path without zeros, got one with a zero in it.");
  for (const fs::path& path : {fs::path(), folder.path / "missing" / "a", folder.path / "a" / "",
                               folder.path / std::string(300, 'x')}) {
    CHECK_MESSAGE(write_error(path).starts_with("cannot write '" + path.string() + "': "), path);
    CHECK_MESSAGE(read_error(path).starts_with("cannot read '" + path.string() + "': "), path);
  }
  CHECK(folder.files() == 0);
}

TEST_CASE("file: longest names") {
  const files::Folder folder;
  const fs::path path = folder.path / std::string(255, 'x');
  for (int i = 0; i < 2; ++i) autograd::file::write(path, "text");
  CHECK(folder.files() == 1);
}

TEST_CASE("file: no more is read than is allowed") {
  const files::Folder folder;
  const fs::path path = folder.path / "a";
  files::write(path, "12345");
  CHECK(autograd::file::read(path, 5) == "12345");
  CHECK(error_in([&] { autograd::file::read(path, 4); }) ==
        "cannot read '" + path.string() + "': expected at most 4 bytes, got 5.");
}

#ifdef __linux__

// Where files without a name can be made, as on all file systems of Linux that tests run on.
TEST_CASE("file: a process that is killed while it writes leaves the old or the new file alone") {
  const files::Folder folder;
  const fs::path path = folder.path / "a";
  const std::string old_text(1 << 20, 'a'), new_text(1 << 20, 'b');
  std::size_t with_old = 0;
  for (int i = 0; i < 40; ++i) {
    autograd::file::write(path, old_text);
    CHECK(folder.files() == 1);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (;;) autograd::file::write(path, new_text);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(i * 100));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string text = files::read(path);
    CHECK((text == old_text || text == new_text));
    with_old += text == old_text ? 1 : 0;
  }
  CHECK(with_old < 40);
}

TEST_CASE("file: what a killed process has left is removed by the next") {
  const files::Folder folder;
  const fs::path path = folder.path / "a";
  files::write(path, "old");
  files::write(folder.path / ".a.autograd", "left");
  autograd::file::write(path, "new");
  CHECK(files::read(path) == "new");
  CHECK(folder.files() == 1);
}

TEST_CASE("file: many threads write the same file, and others hold the directory") {
  const files::Folder folder;
  const fs::path path = folder.path / "a";
  const int directory = ::open(folder.path.c_str(), O_RDONLY | O_DIRECTORY);
  const auto write_many = [&] {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 25; ++i) {
          autograd::file::write(path, std::string(10'000, static_cast<char>('a' + t)));
        }
      });
    }
    for (std::thread& each : threads) each.join();
    const std::string text = files::read(path);
    CHECK(text == std::string(10'000, text[0]));
    CHECK(folder.files() == 1);
  };
  write_many();
  REQUIRE(::flock(directory, LOCK_EX) == 0);
  write_many();
  ::close(directory);
}

#endif
