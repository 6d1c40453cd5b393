#include <autograd/kernels/table.hpp>

namespace autograd::detail {

extern const Kernels kKernels_avx512;
constinit const Kernels kKernels_avx512 = KernelsOf<Pack<8>>::kernels("AVX-512");

}  // namespace autograd::detail
