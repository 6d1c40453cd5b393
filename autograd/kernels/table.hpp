// The table of kernels for N lanes.
#pragma once

#include <array>

#include <autograd/kernels/dot_products.hpp>
#include <autograd/kernels/elementwise.hpp>
#include <autograd/kernels/row_sums.hpp>

namespace autograd::detail {

template <class P> struct KernelsOf;

template <std::size_t N> struct KernelsOf<Simd<N>> {
  using P = Simd<N>;
  using Operations = OperationKernels<P>;
  using Sums = SumKernels<P>;
  using RowSums = RowSumKernels<P>;

  template <bool kNanSafe> static constexpr std::array<Kernels::Run, kKernelCount> table() {
    std::array<Kernels::Run, kKernelCount> run{};
    ops::All::for_each([&]<class Op>() { run[code<Op>] = Operations::template operation<Op>; });
    run[kUnlessNan] = Operations::template operation<UnlessNan>;
    run[kGaussian] = Operations::template operation<Gaussian>;
    run[code<ops::AdjointProduct>] = Operations::template adjoint_product_of_rows<kNanSafe>;
    FusedFirst::for_each([&]<class First>() {
      constexpr std::size_t first = FusedFirst::index<First>();
      FusedLast::for_each([&]<class Last>() {
        constexpr std::size_t last = FusedLast::index<Last>();
        run[Fused{first, last, Fused::kLeft}.kernel()] =
            Operations::template fused<First, Last, Fused::kLeft, kNanSafe>;
        run[Fused{first, last, Fused::kRight}.kernel()] =
            Operations::template fused<First, Last, Fused::kRight, kNanSafe>;
      });
      FusedLastOfOne::for_each([&]<class Last>() {
        run[Fused{first, FusedLastOfOne::index<Last>(), Fused::kOfOne}.kernel()] =
            Operations::template fused_of_one<First, Last, kNanSafe>;
      });
    });
    run[kBroadcast] = Operations::broadcast;
    run[kLoad] = Operations::load;
    run[kStore] = Operations::template store<false>;
    run[kStoreNegated] = Operations::template store<true>;
    run[kCarry] = Operations::carry;
    run[kFetch] = Operations::fetch;
    run[kCheckTrue] = Operations::template check<true>;
    run[kCheckFalse] = Operations::template check<false>;
    run[kAddRegisters] = Sums::add_registers;
    run[kAddUniforms] = Sums::add_uniforms;
    run[kAddProducts] = Sums::template add_products<false>;
    run[kAddScaled] = Sums::template add_scaled<false, false>;
    run[kAddAdjointProducts] = Sums::template add_products<kNanSafe>;
    run[kAddUniformPartials] = Sums::template add_scaled<kNanSafe, true>;
    run[kAddUniformUpstreams] = Sums::template add_scaled<kNanSafe, false>;
    run[kAddScaledTile] = Sums::template add_scaled_tile<false, false>;
    run[kAddUniformPartialsTile] = Sums::template add_scaled_tile<kNanSafe, true>;
    run[kAddUniformUpstreamsTile] = Sums::template add_scaled_tile<kNanSafe, false>;
    run[kSumRows] = RowSums::sum_rows;
    run[kSumProducts] = RowSums::template sum_products<false>;
    run[kSumAdjointProducts] = RowSums::template sum_products<kNanSafe>;
    run[kSumProductPairs] = RowSums::template sum_pairs<false>;
    run[kSumAdjointProductPairs] = RowSums::template sum_pairs<kNanSafe>;
    run[kSumProductsTile] = RowSums::template sum_products_tile<false>;
    run[kSumAdjointProductsTile] = RowSums::template sum_products_tile<kNanSafe>;
    return run;
  }

  static constexpr Kernels kernels(const char* name) {
    return {name, N, table<false>(), table<true>()};
  }
};

}  // namespace autograd::detail
