#include <autograd/kernels/table.hpp>

namespace autograd::detail {

extern const Kernels kAvx2Kernels;
constinit const Kernels kAvx2Kernels = KernelsOf<Simd<4>>::kernels("AVX2");

}  // namespace autograd::detail
