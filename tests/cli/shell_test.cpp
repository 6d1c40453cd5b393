// autograd repl, completion, man and bench.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <tests/support/command.hpp>
#include <tests/support/golden.hpp>

namespace {

// The words that bash offers after `line`, sorted.
std::string completed(const command::Folder& folder, const std::string& words) {
  return folder
      .run("bash -c 'source <(autograd completion bash); COMP_WORDS=(" + words +
           "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _autograd; echo ${COMPREPLY[@]}'")
      .out;
}

}  // namespace

TEST_CASE("repl: names are kept from line to line, and ? explains the last one") {
  const command::Folder folder("shell_repl");
  folder.write("lines.txt",
               "w = -2; x = 3\n\n# a remark\nw\nh = w*x + 4\nf = 1/h\n?\n:grad w\n:vars\n"
               "v = [1, 2]\ndot(v, v)\n:tree\n:history\n");
  golden::check("cli/repl.txt",
                command::transcript(folder, {"autograd repl < lines.txt",
                                             "printf '1/0\\n2*q\\n:word\\n?' | autograd repl",
                                             "printf 'x = 1\\n:quit\\nx\\n' | autograd repl"}));
}

TEST_CASE("completion: bash completes subcommands, options, words and files") {
  const command::Folder folder("shell_bash");
  folder.write("data.csv", "");
  CHECK(completed(folder, "autograd ex") == "explain export\n");
  CHECK(completed(folder, "autograd explain --wo") == "--worksheet\n");
  CHECK(completed(folder, "autograd explain --format \"\"") == "text md latex html json\n");
  CHECK(completed(folder, "autograd train --optimizer ad") == "adagrad adam adamw\n");
  CHECK(completed(folder, "autograd train da") == "data.csv\n");
  CHECK(completed(folder, "autograd train --l") == "--loss --l1 --l2\n");
}

TEST_CASE("completion: zsh and fish get every option") {
  const command::Folder folder("shell_completion");
  const std::string fish = folder.run("autograd completion fish").out;
  CHECK(fish.find("complete -c autograd -n '__fish_seen_subcommand_from eval' -l digits -r") !=
        std::string::npos);
  const std::string zsh = folder.run("autograd completion zsh").out;
  CHECK(zsh.starts_with("#compdef autograd\n"));
  CHECK(zsh.find("'--optimizer[sgd, momentum") != std::string::npos);
  for (const std::string shell : {"zsh", "fish"}) {
    const auto run = folder.run("command -v " + shell + " > /dev/null || exit 0; " +
                                "autograd completion " + shell + " | " + shell + " -n");
    CHECK_MESSAGE(run.code == 0, run.err);
  }
}

TEST_CASE("man: a page for the command and for each subcommand") {
  const command::Folder folder("shell_man");
  golden::check("cli/man.txt", folder.run("autograd man; autograd man explain").out);
  const auto warnings = folder.run(
      "command -v groff > /dev/null || exit 0; "
      "for name in '' train grad check; do autograd man $name | groff -man -Tascii -ww "
      "> /dev/null; done");
  CHECK_MESSAGE(warnings.err == "", warnings.err);
  CHECK(command::complaint(folder, "autograd man word").find("'word'") != std::string::npos);
  CHECK(folder.run("autograd man --all pages").code == 0);
  CHECK(folder.text("pages/autograd.1") == folder.run("autograd man").out);
  CHECK(folder.text("pages/autograd-explain.1") == folder.run("autograd man explain").out);
}

TEST_CASE("bench: times of the workloads") {
  const command::Folder folder("shell_bench");
  const auto run = folder.run("autograd bench --only W1,W2 --json");
  REQUIRE_MESSAGE(run.code == 0, run.err);
  const auto rows = nlohmann::json::parse(run.out);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1]["name"] == "W2");
  for (const auto& row : rows) {
    CHECK(row["plain_seconds"] > 0);
    CHECK(row["values_seconds"] > row["plain_seconds"]);
  }
  CHECK(command::complaint(folder, "autograd bench --only W7").find("W6") != std::string::npos);
}
