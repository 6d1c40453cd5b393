#include <autograd/kernels/table.hpp>

namespace autograd::detail {

extern const Kernels kKernels_sse2;
constinit const Kernels kKernels_sse2 = KernelsOf<Pack<2>>::kernels("SSE2");

}  // namespace autograd::detail
