#include <autograd/kernels/table.hpp>

namespace autograd::detail {

extern const Kernels kAvx512Kernels;
constinit const Kernels kAvx512Kernels = KernelsOf<Simd<8>>::kernels("AVX-512");

}  // namespace autograd::detail
