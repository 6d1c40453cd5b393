// Sums within a row, of registers, uniforms and their products.
#pragma once

#include <utility>

#include <autograd/kernels/kernel_base.hpp>

namespace autograd::detail {

template <class P> struct SumKernels;

template <std::size_t N> struct SumKernels<Simd<N>> : KernelBase<Simd<N>> {
  using Base = KernelBase<Simd<N>>;
  using Base::reg;
  using typename Base::P;

  // Calls body(count, first vector) for kMost vectors at once, and one by one for the rest; count
  // is a compile-time number.
  template <std::size_t kMost, class Body>
  static void some_at_once(std::size_t vectors, const Body& body) {
    std::size_t v = 0;
    for (; v + kMost <= vectors; v += kMost) body(std::integral_constant<std::size_t, kMost>{}, v);
    for (; v < vectors; ++v) body(std::integral_constant<std::size_t, 1>{}, v);
  }

  // The number that a sum starts from, for the rows from `row` on.
  static P start(Argument a, std::size_t row, BlockState& f) {
    if (a.is(Argument::kPlusZero)) return 0.0;
    if (a.is(Argument::kMinusZero)) return -0.0;
    if (a.is(Argument::kRegister)) return P::load(reg(f, a) + row);
    const double x = f.uniforms[a.index()];
    return a.is(Argument::kUniform) ? x : 0.0 + x;
  }

  // Adds up term(entry, first row) for the entries of a list, each `kWidth` numbers.
  template <std::size_t kWidth, class Term>
  static void add_up(const Instruction& s, BlockState& f, const Term& term) {
    some_at_once<4>(f.lanes / N, [&]<std::size_t kSize>(std::integral_constant<std::size_t, kSize>,
                                                        std::size_t vector) {
      const std::size_t row = vector * N;
      P sum[kSize];
      for (std::size_t i = 0; i < kSize; ++i) sum[i] = start(s.a, row + i * N, f);
      const std::uint32_t* entry = f.list + s.list();
      for (const std::uint32_t* const end = entry + kWidth * s.count(); entry != end;
           entry += kWidth)
        term(entry, row, sum, std::integral_constant<std::size_t, kSize>{});
      for (std::size_t i = 0; i < kSize; ++i) sum[i].store(reg(f, s.out) + row + i * N);
    });
  }

  static void add_registers(const Instruction& s, BlockState& f) {
    add_up<1>(s, f, [&](const std::uint32_t* entry, std::size_t row, P* sum, auto size) {
      const double* const x = reg(f, *entry) + row;
      for (std::size_t i = 0; i < size; ++i) sum[i] += P::load(x + i * N);
    });
  }
  static void add_uniforms(const Instruction& s, BlockState& f) {
    add_up<1>(s, f, [&](const std::uint32_t* entry, std::size_t, P* sum, auto size) {
      const P x = f.uniforms[*entry];
      for (std::size_t i = 0; i < size; ++i) sum[i] += x;
    });
  }
  template <bool kNanSafe> static void add_products(const Instruction& s, BlockState& f) {
    add_up<2>(s, f, [&](const std::uint32_t* entry, std::size_t row, P* sum, auto size) {
      const double *const x = reg(f, entry[0]) + row, *const y = reg(f, entry[1]) + row;
      for (std::size_t i = 0; i < size; ++i)
        sum[i] += Base::template adjoint_product<kNanSafe>(P::load(x + i * N), P::load(y + i * N));
    });
  }
  // kUniformPartial: the register is upstream and the uniform the partial; else turned.
  template <bool kNanSafe, bool kUniformPartial>
  static void add_scaled(const Instruction& s, BlockState& f) {
    add_up<2>(s, f, [&](const std::uint32_t* entry, std::size_t row, P* sum, auto size) {
      const P x = f.uniforms[entry[0]];
      const double* const y = reg(f, entry[1]) + row;
      for (std::size_t i = 0; i < size; ++i) {
        const P each = P::load(y + i * N);
        sum[i] += kUniformPartial ? Base::template adjoint_product<kNanSafe>(each, x)
                                  : Base::template adjoint_product<kNanSafe>(x, each);
      }
    });
  }

  // Vectors of kTile sums that the processor's registers hold.
  static constexpr std::size_t kVectorsOfTile = N == 8 ? 4 : 2;

  template <bool kNanSafe, bool kUniformPartial>
  static void add_scaled_tile(const Instruction& s, BlockState& f) {
    some_at_once<kVectorsOfTile>(
        f.lanes / N,
        [&]<std::size_t kSize>(std::integral_constant<std::size_t, kSize>, std::size_t vector) {
          const std::size_t row = vector * N;
          const std::uint32_t* const each = f.list + s.list();
          P sum[kTile][kSize];
          for (std::size_t t = 0; t < kTile; ++t)
            for (std::size_t i = 0; i < kSize; ++i)
              sum[t][i] = start(Argument::of(each[2 * t + 1]), row + i * N, f);
          const std::uint32_t* entry = each + 2 * kTile;
          for (const std::uint32_t* const end = entry + (1 + kTile) * s.count(); entry != end;
               entry += 1 + kTile) {
            const double* const y = reg(f, entry[0]) + row;
            P factor[kSize];
            for (std::size_t i = 0; i < kSize; ++i) factor[i] = P::load(y + i * N);
            for (std::size_t t = 0; t < kTile; ++t) {
              const P x = f.uniforms[entry[1 + t]];
              for (std::size_t i = 0; i < kSize; ++i)
                sum[t][i] += kUniformPartial
                                 ? Base::template adjoint_product<kNanSafe>(factor[i], x)
                                 : Base::template adjoint_product<kNanSafe>(x, factor[i]);
            }
          }
          for (std::size_t t = 0; t < kTile; ++t)
            for (std::size_t i = 0; i < kSize; ++i)
              sum[t][i].store(reg(f, each[2 * t]) + row + i * N);
        });
  }
};

}  // namespace autograd::detail
