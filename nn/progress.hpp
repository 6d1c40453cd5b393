// Progress: how far a training is, on a line that is drawn over and over.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include <nn/history.hpp>

namespace nn {

// epoch 120/2000 [=>                ] loss 0.0123 accuracy 98.5% validation 0.034 97.0% 12 s left
//
// and, behind the loss, the penalty if there is one.
//
//   nn::ProgressBar bar(std::cerr, isatty(2));
//   nn::fit(net, data, {.callbacks = {std::ref(bar)}});
//
// On a terminal the line is drawn anew ten times a second, and ends with finish(). Elsewhere
// finish() writes it, and nothing does before.
class ProgressBar {
 public:
  // Seconds since any fixed time; a steady clock's unless given.
  using Clock = std::function<double()>;

  // The stream is to live longer. The line has fewer than `width` characters: first the bar gets
  // shorter and goes away, then what stands on the right.
  ProgressBar(std::ostream& out, bool is_terminal, std::size_t width = 80, Clock clock = {});
  ~ProgressBar();  // finishes
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // A Callback; true.
  bool operator()(const Epoch& epoch);
  // Ends the line; does nothing if there was no epoch since the last time.
  void finish();

 private:
  std::string line(bool is_over) const;
  void draw(bool is_over);

  std::ostream& out_;
  bool is_terminal_;
  std::size_t width_;
  Clock clock_;
  double began_, drawn_ = 0;
  std::optional<Epoch> last_;
  std::size_t seen_ = 0;  // epochs
};

}  // namespace nn
