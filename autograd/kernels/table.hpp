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
    run[code<ops::AdjointProduct>] = Operations::template flow_step<kNanSafe>;
    FusedFirst::for_each([&]<class First>() {
      constexpr std::size_t first = FusedFirst::index<First>();
      FusedLast::for_each([&]<class Last>() {
        constexpr std::size_t last = FusedLast::index<Last>();
        run[fused(first, last, false)] =
            Operations::template fused_step<First, Last, false, kNanSafe>;
        run[fused(first, last, true)] =
            Operations::template fused_step<First, Last, true, kNanSafe>;
      });
      FusedLastOfOne::for_each([&]<class Last>() {
        run[fused(first, FusedLastOfOne::index<Last>())] =
            Operations::template fused_step<First, Last, kNanSafe>;
      });
    });
    run[kUnless] = Operations::unless;
    run[kGaussianOfRows] = Operations::gaussian;
    run[kBroadcast] = Operations::broadcast;
    run[kCollect] = Operations::collect;
    run[kLoad] = Operations::load;
    run[kStore] = Operations::template store<false>;
    run[kStoreNegated] = Operations::template store<true>;
    run[kKeep] = Operations::keep;
    run[kFetch] = Operations::fetch;
    run[kCheck] = Operations::check;
    run[kAddRegisters] = Sums::add_registers;
    run[kAddUniforms] = Sums::add_uniforms;
    run[kAddProducts] = Sums::template add_products<false>;
    run[kAddScaled] = Sums::template add_scaled<false, false>;
    run[kAddFlows] = Sums::template add_products<kNanSafe>;
    run[kAddFlowsOut] = Sums::template add_scaled<kNanSafe, true>;
    run[kAddFlowsIn] = Sums::template add_scaled<kNanSafe, false>;
    run[kAddScaledTile] = Sums::template add_scaled_tile<false, false>;
    run[kAddFlowsOutTile] = Sums::template add_scaled_tile<kNanSafe, true>;
    run[kAddFlowsInTile] = Sums::template add_scaled_tile<kNanSafe, false>;
    run[kSumRows] = RowSums::sum_rows;
    run[kSumProducts] = RowSums::template sum_products<false>;
    run[kSumFlows] = RowSums::template sum_products<kNanSafe>;
    run[kSumProductPairs] = RowSums::template sum_pairs<false>;
    run[kSumFlowPairs] = RowSums::template sum_pairs<kNanSafe>;
    run[kSumProductsTile] = RowSums::template sum_products_tile<false>;
    run[kSumFlowsTile] = RowSums::template sum_products_tile<kNanSafe>;
    return run;
  }

  static constexpr Kernels kernels(const char* name) {
    return {name, N, table<false>(), table<true>()};
  }
};

}  // namespace autograd::detail
