#include "autograd/system/growing_array.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

#include <autograd/error.hpp>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace autograd::detail {

namespace {

constexpr std::size_t kLarge = std::size_t{1} << 20;
// Added to every range. Without it arrays with room for as many numbers would lie at distances of
// high powers of 2, and processors that look a line of the cache up by a few bits of its address
// could not keep the same place of two of them at once.
constexpr std::size_t kOffset = std::size_t{10} << 20;

void* reserve([[maybe_unused]] std::size_t most) {
#ifdef __linux__
  void* range = ::mmap(nullptr, most, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) return nullptr;
  ::madvise(range, most, MADV_HUGEPAGE);
  return range;
#else
  return nullptr;
#endif
}

}  // namespace

void* GrowingArray::grow(std::size_t bytes, std::size_t most) {
  if (bytes <= bytes_) return memory_;
  if (reserved_ == 0 && bytes > kLarge) {
    if (void* range = reserve(most + kOffset); range != nullptr) {
      if (memory_ != nullptr) std::memcpy(range, memory_, bytes_);
      std::free(memory_);
      memory_ = range;
      reserved_ = most + kOffset;
    }
  }
  if (reserved_ == 0) {
    void* moved = std::realloc(memory_, bytes);
    if (moved == nullptr) {
      with_memory_errors([&] {
        throw Error(
            "out of memory: the graph asked for " + std::to_string(bytes) +
            " bytes. Let results go out of scope earlier, or detach() what needs no gradient.");
      });
    }
    memory_ = moved;
  }
  bytes_ = bytes;
  return memory_;
}

void GrowingArray::free() {
#ifdef __linux__
  if (reserved_ != 0) ::munmap(memory_, reserved_);
#endif
  if (reserved_ == 0) std::free(memory_);
  *this = GrowingArray{};
}

}  // namespace autograd::detail
