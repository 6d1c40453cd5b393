#include "nn/progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <new>
#include <utility>
#include <vector>

#include <autograd/autograd.hpp>
#include <autograd/text.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string share_text(double x) { return text::fixed(100 * x, 1) + '%'; }

// "0.4 s", "12 s", "3:05", "2:10:00"
std::string time_text(double seconds) {
  if (seconds < 9.95) return text::fixed(seconds, 1) + " s";
  if (!(seconds < 1e9)) return "long";
  const auto whole = std::llround(seconds);
  if (whole < 100) return std::to_string(whole) + " s";
  const auto two = [](long long x) { return std::string(x < 10 ? ":0" : ":") + std::to_string(x); };
  const auto minutes = whole / 60 % 60, hours = whole / 3600;
  const std::string start =
      hours > 0 ? std::to_string(hours) + two(minutes) : std::to_string(minutes);
  return start + two(whole % 60);
}

// "[===>   ]"
std::string bar_text(double share, std::size_t width) {
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
  std::string result(width, ' ');
  std::fill_n(result.begin(), std::min(full, width), '=');
  if (full < width) result[full] = '>';
  return '[' + result + ']';
}

}  // namespace

ProgressBar::ProgressBar(std::ostream& out, bool is_terminal, std::size_t width, Clock clock)
    : out_(out),
      is_terminal_(is_terminal),
      width_(width),
      clock_(clock ? std::move(clock) : steady_seconds),
      began_(clock_()) {}

ProgressBar::~ProgressBar() {
  try {
    finish();
  } catch (const std::exception&) {
    // A stream that throws: there is nobody left to tell.
  }
}

bool ProgressBar::operator()(const Epoch& epoch) try {
  const bool is_first = !last_;
  last_ = epoch;
  ++seen_;
  if (is_terminal_ && (is_first || clock_() - drawn_ >= 0.1)) draw(false);
  return true;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void ProgressBar::finish() try {
  if (!last_) return;
  draw(true);
  last_.reset();
  seen_ = 0;
  began_ = clock_();
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void ProgressBar::draw(bool is_over) {
  drawn_ = clock_();
  std::string text = line(is_over);
  if (is_terminal_) text = '\r' + text + "\x1b[K";  // and erase what is left of the line before
  if (is_over) text += '\n';
  out_ << text << std::flush;
}

std::string ProgressBar::line(bool is_over) const {
  const std::string total = std::to_string(last_->epochs);
  std::string count = std::to_string(last_->index + 1);
  if (count.size() < total.size()) count.insert(0, total.size() - count.size(), ' ');
  const std::string head = "epoch " + count + '/' + total;

  std::vector<std::string> items{" loss " + text::rounded(last_->loss, 4)};
  if (last_->penalty != 0) items.push_back(" penalty " + text::rounded(last_->penalty, 4));
  if (last_->accuracy) items.push_back(" accuracy " + share_text(*last_->accuracy));
  if (last_->validation_loss)
    items.push_back(" validation " + text::rounded(*last_->validation_loss, 4));
  if (last_->validation_accuracy) items.push_back(' ' + share_text(*last_->validation_accuracy));
  const double passed = clock_() - began_;
  const double done = static_cast<double>(last_->index) + 1;
  const double all = std::max(done, static_cast<double>(last_->epochs));
  items.push_back(is_over ? " in " + time_text(passed)
                          : ' ' + time_text(passed / static_cast<double>(seen_) * (all - done)) +
                                " left");

  std::string result;
  const std::size_t room = width_ > head.size() + 1 ? width_ - head.size() - 1 : 0;
  for (const std::string& each : items) {
    if (result.size() + each.size() > room) break;
    result += each;
  }
  // A space, the brackets and the bar.
  constexpr std::size_t kShortest = 8, kLongest = 24;
  const std::size_t rest = room - result.size();
  if (!is_over && rest >= kShortest) {
    result = ' ' + bar_text(done / all, std::min(rest, kLongest) - 3) + result;
  }
  return (head + result).substr(0, width_ > 0 ? width_ - 1 : 0);
}

}  // namespace nn
