// A line that is typed at a terminal, with what was typed before.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cli {

// Arrows, Home, End, Backspace, Delete; up and down for earlier lines; Ctrl-A, -E, -K, -U, -L;
// Ctrl-C forgets the line, Ctrl-D ends. Where standard input is no terminal lines are read as they
// are, without a prompt.
class LineEditor {
 public:
  explicit LineEditor(std::string prompt);

  // Nothing at the end.
  std::optional<std::string> read();
  const std::vector<std::string>& history() const { return history_; }
  bool is_terminal() const { return is_terminal_; }

 private:
  std::optional<std::string> edit();
  bool take_key(char key);  // false when the line is complete
  void take_escape();
  void show_history(int direction);
  void draw() const;

  std::string prompt_;
  bool is_terminal_;
  std::vector<std::string> history_;
  std::string line_, kept_;  // kept_: what was typed before looking at earlier lines
  std::size_t cursor_ = 0, shown_ = 0;
  bool is_over_ = false;
};

}  // namespace cli
