// The command in a real terminal: progress, Ctrl-C, colours, lines that are typed.
#include <string>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/terminal.hpp>

TEST_CASE("terminal: a training shows its progress, and Ctrl-C saves what there is") {
  const command::Folder folder("terminal_train");
  terminal::Terminal terminal(folder);
  terminal.enter("autograd train spiral --rows 100 --epochs 100000000 -o out; echo code $?");
  const std::string progress = terminal.wait_for(" left");
  CHECK(progress.find("epoch ") != std::string::npos);
  CHECK(progress.find("loss ") != std::string::npos);
  CHECK(!std::filesystem::exists(folder / "out"));
  terminal.press("C-c");
  const std::string end = terminal.wait_for("code 1");
  CHECK(end.find("Interrupted: after ") != std::string::npos);
  CHECK(end.find("what there is has been saved") != std::string::npos);
  const nn::Model model = nn::load(folder / "out/model.json");
  CHECK(model.training->epoch > 0);

  terminal.enter("clear; autograd train spiral --rows 100 --epochs " +
                 std::to_string(model.training->epoch + 1) +
                 " --resume out/model.json -o more; echo code $?");
  terminal.wait_for("code 0");
  CHECK(nn::load(folder / "more/model.json").training->epoch == model.training->epoch + 1);
}

TEST_CASE("terminal: colours there, and none where NO_COLOR says so") {
  const command::Folder folder("terminal_colours");
  terminal::Terminal terminal(folder);
  terminal.enter("autograd eval x^2 x=3");
  terminal.wait_for("derivative");
  CHECK(terminal.coloured_screen().find("\033[1m") != std::string::npos);
  terminal.enter("clear; NO_COLOR=1 autograd eval x^3 x=3");
  terminal.wait_for("f = 27");
  CHECK(terminal.coloured_screen().find("\033[1m") == std::string::npos);
}

TEST_CASE("terminal: lines are typed, corrected and come back") {
  const command::Folder folder("terminal_repl");
  terminal::Terminal terminal(folder);
  terminal.enter("autograd repl; echo code $?");
  terminal.wait_for("\n>");
  terminal.enter("x = 3");
  terminal.wait_for("x = 3");
  terminal.type("x^4");
  terminal.press("BSpace");
  terminal.enter("2 + 1");
  terminal.wait_for("df/dx = 6");
  terminal.press("C-l");
  terminal.press("Up");
  terminal.press("Up");
  terminal.press("Home");
  terminal.enter("y = 1; ");  // in front of x = 3
  terminal.press("Up");
  terminal.wait_for("> y = 1; x = 3");
  terminal.press("C-c");
  terminal.enter("1/0 + q");
  terminal.wait_for("'q' has no number yet");
  terminal.enter("?");
  terminal.wait_for("Forward");
  terminal.press("C-d");
  terminal.wait_for("code 0");
}
