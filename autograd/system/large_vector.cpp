#include "autograd/system/large_vector.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace autograd::detail {
namespace {

constexpr std::size_t kFewestBytes = std::size_t{1} << 20, kHugePage = std::size_t{1} << 21;
// For sizes that round up to no number.
constexpr std::size_t kMost = std::size_t{1} << 62;

bool is_large(std::size_t bytes) { return bytes >= kFewestBytes && bytes <= kMost; }
std::size_t whole_pages(std::size_t bytes) {
  return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

}  // namespace

void* allocate_large(std::size_t bytes) {
  if (!is_large(bytes)) return ::operator new(bytes);
  void* const result = ::operator new(whole_pages(bytes), std::align_val_t{kHugePage});
#ifdef __linux__
  ::madvise(result, whole_pages(bytes), MADV_HUGEPAGE);
#endif
  return result;
}

void free_large(void* memory, std::size_t bytes) {
  if (!is_large(bytes)) return ::operator delete(memory);
  ::operator delete(memory, std::align_val_t{kHugePage});
}

}  // namespace autograd::detail
