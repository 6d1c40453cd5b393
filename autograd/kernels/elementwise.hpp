// Operations row by row, and instructions that bring rows in and out.
#pragma once

#include <algorithm>

#include <autograd/kernels/kernel_base.hpp>

namespace autograd::detail {

template <class P> struct OperationKernels;

template <std::size_t N> struct OperationKernels<Simd<N>> : KernelBase<Simd<N>> {
  using Base = KernelBase<Simd<N>>;
  using Base::reg;
  using typename Base::Mask;
  using typename Base::P;
  using typename Base::Reader;

  // Op of all lanes at once. Where its rule is written for plain numbers only, because SIMD lanes
  // have no function of <cmath> that it calls, of one lane after the other.
  template <class Op, class... X> [[gnu::always_inline]] static P value(X... x) {
    if constexpr (requires { Op::value(x...); }) {
      return Op::value(x...);
    } else {
      typename P::Vector lanes;
      for (std::size_t i = 0; i < N; ++i) lanes[i] = Op::value(x.lanes()[i]...);
      return lanes;
    }
  }

  template <class Op> static void operation(const Instruction& s, BlockState& f) {
    double* const out = reg(f, s.out);
    const std::size_t lanes = f.lanes;
    if constexpr (requires { Op::domain; }) {
      const Reader a(f, s.a);
      if constexpr (Op::domain.size() == 1) {
        for (std::size_t i = 0; i < lanes; i += N) value<Op>(a[i]).store(out + i);
      } else {
        const Reader b(f, s.b);
        for (std::size_t i = 0; i < lanes; i += N) value<Op>(a[i], b[i]).store(out + i);
      }
    } else if constexpr (std::same_as<Op, ops::Select>) {
      const Reader a(f, s.a), b(f, s.b), c(f, s.c);
      for (std::size_t i = 0; i < lanes; i += N) {
        const P x[] = {a[i], b[i], c[i]};
        Op::value(std::span<const P>(x), 0).store(out + i);
      }
    } else {
      ranged<Op>(s, f);
    }
  }

  // An operation of a list of operands.
  template <class Op> static void ranged(const Instruction& s, BlockState& f) {
    double* const out = reg(f, s.out);
    P* const x = static_cast<P*>(f.operands);
    for (std::size_t i = 0; i < f.lanes; i += N) {
      for (std::size_t k = 0; k < s.count(); ++k)
        x[k] = Reader(f, Argument::of(f.list[s.list() + k]))[i];
      Op::value(std::span<const P>(x, s.count()), s.a.index()).store(out + i);
    }
  }

  template <bool kNanSafe>
  static void adjoint_product_of_rows(const Instruction& s, BlockState& f) {
    double* const out = reg(f, s.out);
    const Reader a(f, s.a), b(f, s.b);
    const std::size_t lanes = f.lanes;
    for (std::size_t i = 0; i < lanes; i += N)
      Base::template adjoint_product<kNanSafe>(a[i], b[i]).store(out + i);
  }

  // ---- two operations in one instruction ----

  template <class Op, bool kNanSafe> static P binary(P x, P y) {
    if constexpr (std::same_as<Op, ops::AdjointProduct>) {
      return Base::template adjoint_product<kNanSafe>(x, y);
    } else {
      return Op::value(x, y);
    }
  }

  template <class First, class Last, Fused::Form kForm, bool kNanSafe>
  static void fused(const Instruction& s, BlockState& f) {
    double* const out = reg(f, s.out);
    const Reader a(f, s.a), b(f, s.b), c(f, s.c);
    const std::size_t lanes = f.lanes;
    for (std::size_t i = 0; i < lanes; i += N) {
      const P x = binary<First, kNanSafe>(a[i], b[i]), y = c[i];
      binary<Last, kNanSafe>(kForm == Fused::kLeft ? x : y, kForm == Fused::kLeft ? y : x)
          .store(out + i);
    }
  }
  template <class First, class Last, bool kNanSafe>
  static void fused_of_one(const Instruction& s, BlockState& f) {
    double* const out = reg(f, s.out);
    const Reader a(f, s.a), b(f, s.b);
    const std::size_t lanes = f.lanes;
    for (std::size_t i = 0; i < lanes; i += N)
      P(Last::value(binary<First, kNanSafe>(a[i], b[i]))).store(out + i);
  }

  // ---- in and out ----

  static void broadcast(const Instruction& s, BlockState& f) {
    const P x = f.uniforms[s.a.index()];
    double* const out = reg(f, s.out);
    for (std::size_t i = 0; i < f.lanes; i += N) x.store(out + i);
  }

  // Lanes beyond the rows hold the last row again.
  static void load_from(const double* from, std::size_t stride, double* to, const BlockState& f) {
    std::size_t i = 0;
    if (stride == 1)
      for (; i + N <= f.rows; i += N) P::load(from + i).store(to + i);
    for (; i < f.rows; ++i) to[i] = from[i * stride];
    for (; i < f.lanes; ++i) to[i] = to[f.rows - 1];
  }
  // Whole vectors are stored together, and looked at for NaN on the way; so are lanes beyond the
  // rows, which hold the last row again.
  template <bool kNegated>
  static void store_to(const double* from, double* to, std::size_t stride, BlockState& f) {
    Mask nan = P::first(0);
    for (std::size_t i = 0; i < f.lanes; i += N) {
      const P x = kNegated ? -P::load(from + i) : P::load(from + i);
      nan = nan | ne(x, x);
      if (stride == 1 && i + N <= f.rows) {
        x.store(to + i);
      } else {
        const auto lanes = x.lanes();
        for (std::size_t k = i; k < std::min(i + N, f.rows); ++k) to[k * stride] = lanes[k - i];
      }
    }
    f.is_nan |= nan.any();
  }

  static void load(const Instruction& s, BlockState& f) {
    load_from(f.inputs.at(0, s.a.index()), f.inputs.row_stride, reg(f, s.out), f);
  }
  template <bool kNegated> static void store(const Instruction& s, BlockState& f) {
    const Columns& to = f.outputs[s.out.is(Argument::kOutput) ? 0 : 1];
    store_to<kNegated>(reg(f, s.a), to.at(0, s.out.index()), to.row_stride, f);
  }
  static void carry(const Instruction& s, BlockState& f) {
    store_to<false>(reg(f, s.a), f.carried + s.out.index() * f.block, 1, f);
  }
  static void fetch(const Instruction& s, BlockState& f) {
    load_from(f.carried + s.a.index() * f.block, 1, reg(f, s.out), f);
  }

  template <bool kExpected> static void check(const Instruction& s, BlockState& f) {
    const double* const x = reg(f, s.a);
    for (std::size_t i = 0; i < f.rows; ++i) {
      if (x[i] == (kExpected ? 1 : 0)) continue;
      if (!f.has_diverged) f.guard = s.out.index();
      f.has_diverged = true;
      f.diverged[i] = 1;
    }
  }
};

}  // namespace autograd::detail
