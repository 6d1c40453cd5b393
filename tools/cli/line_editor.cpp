#include "line_editor.hpp"

#include <algorithm>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace cli {

namespace {

constexpr char key_of(char letter) { return static_cast<char>(letter & 0x1f); }  // with Ctrl

// The terminal gives every key at once, as long as this lives.
class RawTerminal {
 public:
  RawTerminal() {
    is_changed_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!is_changed_) return;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  }
  ~RawTerminal() {
    if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  termios before_{};
  bool is_changed_ = false;
};

std::optional<char> next_key() {
  char key = 0;
  if (::read(STDIN_FILENO, &key, 1) != 1) return {};
  return key;
}

void write_out(const std::string& text) { std::cout << text << std::flush; }

}  // namespace

LineEditor::LineEditor(std::string prompt)
    : prompt_(std::move(prompt)),
      is_terminal_(::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) {}

std::optional<std::string> LineEditor::read() {
  std::optional<std::string> result;
  if (is_terminal_) {
    result = edit();
  } else {
    std::string line;
    if (std::getline(std::cin, line)) result = line;
  }
  const bool is_new =
      result && !result->empty() && (history_.empty() || history_.back() != *result);
  if (is_new) history_.push_back(*result);
  return result;
}

std::optional<std::string> LineEditor::edit() {
  const RawTerminal raw;
  line_.clear();
  cursor_ = 0;
  shown_ = history_.size();
  is_over_ = false;
  draw();
  for (;;) {
    const std::optional<char> key = next_key();
    if (!key) is_over_ = true;
    if (!key || !take_key(*key)) break;
    draw();
  }
  write_out("\r\n");
  if (is_over_) return {};
  return line_;
}

bool LineEditor::take_key(char key) {
  switch (key) {
    case '\r':
    case '\n':
      return false;
    case key_of('d'):
      is_over_ = line_.empty();
      return !is_over_;
    case key_of('c'):
      line_.clear();
      return false;
    case key_of('a'):
      cursor_ = 0;
      return true;
    case key_of('e'):
      cursor_ = line_.size();
      return true;
    case key_of('k'):
      line_.erase(cursor_);
      return true;
    case key_of('u'):
      line_.erase(0, cursor_);
      cursor_ = 0;
      return true;
    case key_of('l'):
      write_out("\033[H\033[2J");
      return true;
    case key_of('h'):
    case '\x7f':
      if (cursor_ > 0) line_.erase(--cursor_, 1);
      return true;
    case '\033':
      take_escape();
      return true;
    default:
      break;
  }
  const bool is_shown = static_cast<unsigned char>(key) >= ' ';
  if (is_shown) line_.insert(cursor_++, 1, key);
  return true;
}

// The rest of an arrow and the like.
void LineEditor::take_escape() {
  const std::optional<char> bracket = next_key();
  if (!bracket || (*bracket != '[' && *bracket != 'O')) return;
  const std::optional<char> key = next_key();
  if (!key) return;
  if (*key == 'A') show_history(-1);
  if (*key == 'B') show_history(1);
  if (*key == 'C') cursor_ = std::min(cursor_ + 1, line_.size());
  if (*key == 'D' && cursor_ > 0) --cursor_;
  if (*key == 'H') cursor_ = 0;
  if (*key == 'F') cursor_ = line_.size();
  if (*key < '0' || *key > '9') return;
  next_key();  // the tilde
  if (*key == '3' && cursor_ < line_.size()) line_.erase(cursor_, 1);
  if (*key == '1' || *key == '7') cursor_ = 0;
  if (*key == '4' || *key == '8') cursor_ = line_.size();
}

void LineEditor::show_history(int direction) {
  const bool is_at_end = shown_ == history_.size();
  if ((direction < 0 && shown_ == 0) || (direction > 0 && is_at_end)) return;
  if (is_at_end) kept_ = line_;
  shown_ = direction < 0 ? shown_ - 1 : shown_ + 1;
  line_ = shown_ == history_.size() ? kept_ : history_[shown_];
  cursor_ = line_.size();
}

void LineEditor::draw() const {
  std::string text = "\r" + prompt_ + line_ + "\033[K\r";
  const std::size_t column = prompt_.size() + cursor_;
  if (column > 0) text += "\033[" + std::to_string(column) + 'C';
  write_out(text);
}

}  // namespace cli
