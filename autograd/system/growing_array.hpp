// Memory for one growing array, which large arrays never copy.
#pragma once

#include <cstddef>

namespace autograd::detail {

// Beyond a megabyte a range of addresses is reserved for the largest size there can ever be, and
// pages are taken from the system as they are touched, huge ones where it has them: fresh memory is
// then twice as fast. Where no such range is to be had (a limit on addresses, another system) it is
// realloc.
class GrowingArray {
 public:
  // Makes room for `bytes`, at most `most` in all, keeping what is there. Error if memory runs out.
  void* grow(std::size_t bytes, std::size_t most);
  void free();

 private:
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t reserved_ = 0;  // 0 if it is from realloc
};

}  // namespace autograd::detail
