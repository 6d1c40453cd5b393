#include <autograd/kernels/table.hpp>

namespace autograd::detail {

extern const Kernels kSse2Kernels;
constinit const Kernels kSse2Kernels = KernelsOf<Simd<2>>::kernels("SSE2");

}  // namespace autograd::detail
