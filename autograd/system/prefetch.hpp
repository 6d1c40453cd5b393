// Memory that is asked for before it is needed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace autograd::detail {

// Brings what lies `bytes` behind p (before it, where negative) into the cache, to be read or to be
// written. Of an address that is none it does nothing.
enum class For { kReading, kWriting };
template <For kFor>
[[gnu::always_inline]] inline void prefetch(const void* p, std::ptrdiff_t bytes) {
  const auto address = reinterpret_cast<std::uintptr_t>(p) + static_cast<std::uintptr_t>(bytes);
  // An address, and never used as a pointer. NOLINTNEXTLINE(performance-no-int-to-ptr)
  __builtin_prefetch(reinterpret_cast<const void*>(address), kFor == For::kWriting ? 1 : 0);
}

}  // namespace autograd::detail
