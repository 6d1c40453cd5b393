// A real terminal, by the program tmux: what a person would see there.
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include <tests/support/command.hpp>

namespace terminal {

// A shell in a terminal of 100 * 30 characters, with the command in PATH.
class Terminal {
 public:
  explicit Terminal(const command::Folder& folder) : folder_(folder), name_(folder / "socket") {
    tmux("-f /dev/null new-session -d -x 100 -y 30 \"TERM=screen PS1='$ ' sh\"");
    wait_for("$");
  }
  ~Terminal() { tmux("kill-server"); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& text) { tmux("send-keys -l '" + text + "'"); }
  // Enter, Up, C-c, ...
  void press(const std::string& key) { tmux("send-keys " + key); }
  void enter(const std::string& text) {
    type(text);
    press("Enter");
  }
  std::string screen() { return tmux("capture-pane -p"); }
  // With the sequences that make colours.
  std::string coloured_screen() { return tmux("capture-pane -e -p"); }

  // The screen, without blanks at the ends of its lines, when this text is on it; a failure if it is
  // not within half a minute.
  std::string wait_for(const std::string& text) {
    std::string seen;
    for (int i = 0; i < 300; ++i) {
      seen = screen();
      if (seen.find(text) != std::string::npos) return seen;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    FAIL_CHECK("not on the screen: ", text, "\n", seen);
    return seen;
  }

 private:
  std::string tmux(const std::string& words) {
    return folder_.run("tmux -S '" + name_.string() + "' " + words).out;
  }

  const command::Folder& folder_;
  command::fs::path name_;
};

}  // namespace terminal
