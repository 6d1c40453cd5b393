#include <cstdlib>
#include <new>

#include <tests/support/failing_allocations.hpp>

namespace {

constinit thread_local std::size_t before_failure = 0;  // allocations; only if `is_active`
constinit thread_local bool is_active = false, failed = false;
constinit thread_local std::size_t asked = 0;  // bytes

void* allocate(std::size_t size, std::size_t alignment) {
  if (is_active) {
    if (before_failure == 0) {
      failed = true;
      return nullptr;
    }
    --before_failure;
  }
  asked += size;
  if (size == 0) size = 1;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* const memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

constexpr std::size_t kUsual = alignof(std::max_align_t);
std::size_t number(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }

}  // namespace

namespace failing_allocations {

Injection::Injection(std::size_t first) {
  before_failure = first - 1;
  failed = false;
  is_active = true;
}
Injection::~Injection() { is_active = false; }
bool Injection::has_failed() { return failed; }

std::size_t bytes_asked() { return asked; }

}  // namespace failing_allocations

// Forms for arrays call these. Those that do not throw would too, but sanitizers bring their own.
void* operator new(std::size_t size) { return allocate_or_throw(size, kUsual); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, number(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, kUsual);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, number(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
