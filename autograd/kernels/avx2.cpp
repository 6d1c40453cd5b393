#include <autograd/kernels/table.hpp>

namespace autograd::detail {

extern const Kernels kKernels_avx2;
constinit const Kernels kKernels_avx2 = KernelsOf<Pack<4>>::kernels("AVX2");

}  // namespace autograd::detail
