#include <autograd/kernels/kernel.hpp>
#include <autograd/kernels/vector_math.hpp>

namespace autograd::detail {

#if defined(__x86_64__)
extern const Kernels kAvx512Kernels, kAvx2Kernels;
#endif
extern const Kernels kSse2Kernels;  // two lanes: NEON on ARM

std::span<const Kernels* const> usable_kernels() {
  struct Usable {
    std::array<const Kernels*, 3> kernels{};
    std::size_t count = 0;
  };
  static const Usable usable = [] {
    find_vector_math();
    Usable result;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
      result.kernels[result.count++] = &kAvx512Kernels;
    if (__builtin_cpu_supports("avx2")) result.kernels[result.count++] = &kAvx2Kernels;
#endif
    result.kernels[result.count++] = &kSse2Kernels;
    return result;
  }();
  return {usable.kernels.data(), usable.count};
}

}  // namespace autograd::detail
