// What kernels for N lanes share: how they reach the numbers of a frame, and the product of the
// sweep.
//
// All of the kernels are templates over Pack<N>, which files that are compiled for one set of
// instructions each include, so that no code of one gets into another.
#pragma once

#include <autograd/kernels/kernel.hpp>
#include <autograd/kernels/simd.hpp>

namespace autograd::detail {

template <class P> struct KernelBase;

template <std::size_t N> struct KernelBase<Pack<N>> {
  using P = Pack<N>;
  using Mask = typename P::Mask;

  static double* reg(Frame& f, std::uint32_t r) { return f.registers + r * f.block; }

  // What an operation takes.
  class Operand {
   public:
    Operand(const Frame& f, std::uint32_t r)
        : at_((r & kPinned) != 0 ? f.pinned + (r & ~kPinned) * kLanes : f.registers + r * f.block),
          mask_((r & kPinned) != 0 ? 0 : ~std::size_t{0}) {}
    P operator[](std::size_t row) const { return P::load(at_ + (row & mask_)); }

   private:
    const double* at_;
    std::size_t mask_;  // 0: the same numbers for all rows
  };

  // In the sweep a gradient of 0 is skipped: where the other factor is finite, the product is 0
  // anyway.
  template <bool kCareful> static P flow(P upstream, P partial) {
    const P product = upstream * partial;
    if constexpr (!kCareful) return product;
    return select(equal(upstream, 0.0) & not_equal(product, product), 0.0, product);
  }
};

}  // namespace autograd::detail
