// The help of every subcommand, word for word, and its examples, each of which runs.
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tests/support/command.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/golden.hpp>

namespace {

// The names of the subcommands, from the help of the command itself.
std::vector<std::string> subcommands(const std::string& help) {
  std::istringstream lines(help.substr(help.find("Subcommands:\n") + 13));
  std::vector<std::string> result;
  for (std::string line; std::getline(lines, line) && line.starts_with("  ");)
    result.push_back(line.substr(2, line.find(' ', 2) - 2));
  return result;
}

// A line that may end with a remark.
void check_runs(const command::Folder& folder, const std::string& line) {
  const auto run = folder.run(line);
  CAPTURE(line);
  CHECK_MESSAGE(run.code <= 1, run.err);
  CHECK(run.err == "");
}

}  // namespace

TEST_CASE("help: of the command and of each subcommand, no line longer than 100 characters") {
  const command::Folder folder("help");
  const std::string help = folder.run("autograd --help").out;
  std::string all = help;
  for (const std::string& name : subcommands(help))
    all += "\n---- " + name + " ----\n" + folder.run("autograd " + name + " --help").out;
  golden::check("cli/help.txt", all);
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 100, line);
}

TEST_CASE("help: the examples run") {
  const command::Folder folder("help_examples");
  folder.write("loss.txt", "(w - 1)^2");
  folder.write("cars.txt", "18 8 307 \"chevelle malibu\"\n25 4 ? \"pinto\"\n24 4 113 \"corona\"\n");
  folder.write(
      "titanic.csv",
      "Survived,Name,Ticket,Sex,Embarked,Age\n0,\"B, Mr.\",A5,male,S,22\n"
      "1,\"C, Mrs.\",A6,female,C,38\n1,\"D, Miss\",A7,female,S,\n0,\"E, Mr.\",A8,male,C,4\n"
      "0,\"F, Mr.\",A9,male,S,9\n");
  folder.run("autograd train xor --hidden 3 --epochs 2");
  folder.write("new.csv", "Sex,Embarked,Age\nmale,S,30\nfemale,C,\n");
  const std::string help = folder.run("autograd --help").out;
  std::size_t examples = 0;
  for (const std::string& name : subcommands(help)) {
    std::string text = folder.run("autograd " + name + " --help").out;
    for (std::size_t at = text.find("\\\n"); at != text.npos; at = text.find("\\\n"))
      text.replace(at, 2, " ");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("  autograd ")) continue;
      check_runs(folder, line);
      ++examples;
    }
  }
  CHECK(examples > 15);
}

TEST_CASE("help: the tour in README.md runs") {
  const command::Folder folder("help_tour");
  std::size_t commands = 0;
  for (const std::string& block : documents::code_blocks("README.md", "sh")) {
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("autograd ")) continue;
      check_runs(folder, line);
      ++commands;
    }
  }
  CHECK(commands >= 6);
}
