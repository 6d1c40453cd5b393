// The common base of the kernels for N lanes: how they reach the numbers of a block, and the
// adjoint product.
//
// All kernels are templates over Simd<N>. A file that is compiled for one set of instructions
// includes them for one N, so that no code of one set gets into another.
#pragma once

#include <autograd/kernels/kernel.hpp>
#include <autograd/kernels/simd.hpp>

namespace autograd::detail {

template <class P> struct KernelBase;

template <std::size_t N> struct KernelBase<Simd<N>> {
  using P = Simd<N>;
  using Mask = typename P::Mask;

  static double* reg(BlockState& f, std::uint32_t r) { return f.registers + r * f.block; }
  static double* reg(BlockState& f, Argument r) { return reg(f, r.bits()); }
  static_assert(Argument(Argument::kRegister, 7).bits() == 7);

  // The numbers of an operand of an operation.
  class Reader {
   public:
    Reader(const BlockState& f, Argument x)
        : at_(x.is(Argument::kPreloaded) ? f.preloaded + x.index() * kLanes
                                         : f.registers + x.bits() * f.block),
          mask_(x.is(Argument::kPreloaded) ? 0 : ~std::size_t{0}) {}
    P operator[](std::size_t row) const { return P::load(at_ + (row & mask_)); }

   private:
    const double* at_;
    std::size_t mask_;  // 0: the same numbers for all rows
  };

  // upstream * partial, but 0 where upstream is 0. That differs from the product only where partial
  // is infinite or NaN.
  template <bool kNanSafe> static P adjoint_product(P upstream, P partial) {
    const P product = upstream * partial;
    if constexpr (!kNanSafe) return product;
    return select(eq(upstream, 0.0) & ne(product, product), 0.0, product);
  }
};

}  // namespace autograd::detail
