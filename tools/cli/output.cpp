#include "output.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include <autograd/text.hpp>

namespace cli {

namespace {

bool terminal_has_colours() {
  const char* const wish = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  if (wish != nullptr && *wish != '\0') return false;
  if (terminal == nullptr || std::strcmp(terminal, "dumb") == 0) return false;
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

Output::Output() : has_colours_(terminal_has_colours()) {}

std::string Output::styled(Style style, std::string_view text) const {
  if (!has_colours_) return std::string(text);
  const char* begin = "\033[1m";
  if (style == Style::kGood) begin = "\033[32m";
  if (style == Style::kBad) begin = "\033[31m";
  if (style == Style::kMuted) begin = "\033[2m";
  return begin + std::string(text) + "\033[0m";
}

void Output::table(const std::string& lines) {
  const std::size_t end = lines.find('\n');
  line(styled(Style::kHeading, lines.substr(0, end)));
  if (end != std::string::npos) print(lines.substr(end + 1));
}

void Output::flush() {
  const bool is_written = std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size() &&
                          std::fflush(stdout) == 0;
  const int problem = errno;
  text_.clear();
  if (!is_written)
    throw Failure(std::string("cannot write to standard output: ") + std::strerror(problem));
}

Json json_number(double x) {
  if (std::isfinite(x)) return x;
  return autograd::text::shortest(x);
}

}  // namespace cli
