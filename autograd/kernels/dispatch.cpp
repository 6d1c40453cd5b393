#include <autograd/kernels/kernel.hpp>
#include <autograd/kernels/vector_math.hpp>

namespace autograd::detail {

#if defined(__x86_64__)
extern const Kernels kKernels_avx512, kKernels_avx2;
#endif
extern const Kernels kKernels_sse2;  // two lanes: NEON on ARM

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
      result.kernels[result.count++] = &kKernels_avx512;
    if (__builtin_cpu_supports("avx2")) result.kernels[result.count++] = &kKernels_avx2;
#endif
    result.kernels[result.count++] = &kKernels_sse2;
    return result;
  }();
  return {usable.kernels.data(), usable.count};
}

}  // namespace autograd::detail
