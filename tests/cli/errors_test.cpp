// What cannot be done ends with exit code 2 and one line on standard error.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/command.hpp>

namespace {

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

void check_one_line(const command::Folder& folder, const std::string& line,
                    const std::string& words) {
  const std::string complaint = command::complaint(folder, line);
  CHECK_MESSAGE(lines_of(complaint) == 1, complaint);
  CHECK_MESSAGE(complaint.find(words) != std::string::npos, complaint);
}

}  // namespace

TEST_CASE("errors: a wrong command line, with where to find help") {
  const command::Folder folder("errors_usage");
  check_one_line(folder, "autograd", "autograd --help");
  check_one_line(folder, "autograd fly", "fly");
  check_one_line(folder, "autograd eval --fly", "see autograd eval --help");
  check_one_line(folder, "autograd eval", "expected an expression");
  check_one_line(folder, "autograd eval x x=1 --digits 40", "40");
  check_one_line(folder, "autograd explain x x=1 --format word", "word");
  check_one_line(folder, "autograd explain x x=1 --forward", "--only");
}

TEST_CASE("errors: names and numbers") {
  const command::Folder folder("errors_names");
  check_one_line(folder, "autograd eval 'x*y' x=1", "'y' has no number");
  check_one_line(folder, "autograd eval x x=1 y=2", "no name 'y'; it has: x");
  check_one_line(folder, "autograd eval x x=1 x=2", "two numbers");
  check_one_line(folder, "autograd eval x x=one", "'one'");
  check_one_line(folder, "autograd eval x x=", "NAME=NUMBER");
  check_one_line(folder, "autograd eval x 3", "NAME=NUMBER");
  check_one_line(folder, "autograd eval pi*x x=1 pi=3", "no name 'pi'");
}

TEST_CASE("errors: a text that is no expression is shown with a caret") {
  const command::Folder folder("errors_caret");
  const std::string complaint = command::complaint(folder, "autograd eval '2*(x + ' x=1");
  CHECK(lines_of(complaint) == 3);
  CHECK(complaint.ends_with("^\n"));
}

TEST_CASE("errors: files") {
  const command::Folder folder("errors_files");
  check_one_line(folder, "autograd eval -f none.txt", "none.txt");
  check_one_line(folder, "autograd eval -f .", "'.'");
  folder.write("empty.txt", "");
  CHECK(command::complaint(folder, "autograd eval -f empty.txt").find("expected") !=
        std::string::npos);
  folder.write("junk.txt", std::string("\x7f"
                                       "ELF\x01\x00\x02\xff",
                                       8));
  command::complaint(folder, "autograd eval -f junk.txt");
  folder.write("long.txt", std::string(8'000'000, '('));
  check_one_line(folder, "autograd eval -f long.txt", "long.txt");
  check_one_line(folder, "autograd explain x x=1 -o none/steps.txt", "none/steps.txt");
  check_one_line(folder, "autograd draw x x=1 -o none/graph.dot", "none/graph.dot");
  CHECK(!std::filesystem::exists(folder / "none"));
}

TEST_CASE("errors: an output that is full or closed") {
  const command::Folder folder("errors_output");
  check_one_line(folder, "autograd eval x x=1 > /dev/full", "No space left on device");
  check_one_line(folder, "autograd eval x x=1 >&-", "cannot write to standard output");
  const auto closed = folder.run(
      "{ autograd explain 'x^2' x=1; echo \"code $?\" >&2; } | { exec <&-; sleep 0.2; }");
  CHECK(closed.err.find("code") != std::string::npos);
}

TEST_CASE("errors: the program dot is missing") {
  const command::Folder folder("errors_dot");
  const auto missing = folder.run(
      "autograd=$(command -v autograd); PATH=; "
      "$autograd draw 'x^2' x=3 -o graph.png");
  CHECK(missing.code == 2);
  CHECK_MESSAGE(missing.err.find("dot") != std::string::npos, missing.err);
  CHECK(!std::filesystem::exists(folder / "graph.png"));
}
