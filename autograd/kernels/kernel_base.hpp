// What kernels for N lanes share: how they reach the numbers of a frame, and the product of the
// sweep.
//
// All of the kernels are templates over Simd<N>, which files that are compiled for one set of
// instructions each include, so that no code of one gets into another.
#pragma once

#include <autograd/kernels/kernel.hpp>
#include <autograd/kernels/simd.hpp>

namespace autograd::detail {

template <class P> struct KernelBase;

template <std::size_t N> struct KernelBase<Simd<N>> {
  using P = Simd<N>;
  using Mask = typename P::Mask;

  static double* reg(BlockState& f, std::uint32_t r) { return f.registers + r * f.block; }

  // What an operation takes.
  class Operand {
   public:
    Operand(const BlockState& f, std::uint32_t r)
        : at_((r & kPinned) != 0 ? f.pinned + (r & ~kPinned) * kLanes : f.registers + r * f.block),
          mask_((r & kPinned) != 0 ? 0 : ~std::size_t{0}) {}
    P operator[](std::size_t row) const { return P::load(at_ + (row & mask_)); }

   private:
    const double* at_;
    std::size_t mask_;  // 0: the same numbers for all rows
  };

  // In the sweep a gradient of 0 is skipped: where the other factor is finite, the product is 0
  // anyway.
  template <bool kNanSafe> static P flow(P upstream, P partial) {
    const P product = upstream * partial;
    if constexpr (!kNanSafe) return product;
    return select(eq(upstream, 0.0) & ne(product, product), 0.0, product);
  }
};

}  // namespace autograd::detail
