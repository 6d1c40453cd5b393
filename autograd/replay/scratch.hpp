// Scratch: memory for the arrays of one run.
//
// A thread keeps it from one run to the next if it is not much: to ask the system anew can take as
// long as a small batch.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace autograd::detail {

class Scratch {
 public:
  // Room for `arrays` arrays of `numbers` numbers in all. Arrays given before are no longer valid.
  void begin(std::size_t numbers, std::size_t arrays) {
    const std::size_t wanted = numbers + arrays * kLine;
    if (wanted > size_) {
      data_.reset();
      size_ = 0;
      data_.reset(static_cast<double*>(::operator new(wanted * sizeof(double), kAlignment)));
      size_ = wanted;
    }
    next_ = data_.get();
  }
  // The next array, from the start of a cache line on.
  double* take(std::size_t count) {
    double* const result = next_;
    next_ += (count + kLine - 1) / kLine * kLine;
    return result;
  }
  void end() {
    if (size_ <= kMostKept) return;
    data_.reset();
    size_ = 0;
  }

 private:
  static constexpr std::align_val_t kAlignment{64};
  static constexpr std::size_t kLine = 8, kMostKept = std::size_t{1} << 17;  // numbers: 1 MB
  struct Free {
    void operator()(double* p) const { ::operator delete(p, kAlignment); }
  };
  std::unique_ptr<double, Free> data_;
  std::size_t size_ = 0;
  double* next_ = nullptr;
};

// Ends with the scope.
class ScratchUse {
 public:
  ScratchUse(Scratch& scratch, std::size_t numbers, std::size_t arrays) : scratch_(scratch) {
    scratch_.begin(numbers, arrays);
  }
  ~ScratchUse() { scratch_.end(); }
  ScratchUse(const ScratchUse&) = delete;
  ScratchUse& operator=(const ScratchUse&) = delete;
  double* take(std::size_t count) { return scratch_.take(count); }

 private:
  Scratch& scratch_;
};

}  // namespace autograd::detail
