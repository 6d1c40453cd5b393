// Sums over the rows of a block.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <autograd/kernels/kernel_base.hpp>

namespace autograd::detail {

template <class P> struct RowSumKernels;

template <std::size_t N> struct RowSumKernels<Simd<N>> : KernelBase<Simd<N>> {
  using Base = KernelBase<Simd<N>>;
  using Base::reg;
  using typename Base::Mask;
  using typename Base::P;
  static constexpr std::size_t kGroups = kLanes / N;

  // The kLanes sums of every kLanes-th row are put together in an order that all tables keep:
  // ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)).  Here for N entries at once, lane by lane.
  static P totals(const std::array<P, kGroups>* x) {
    if constexpr (N == 8) {
      const P a = halves<4>(halves<4>(x[0][0], x[1][0]), halves<4>(x[2][0], x[3][0]), 2);
      const P b = halves<4>(halves<4>(x[4][0], x[5][0]), halves<4>(x[6][0], x[7][0]), 2);
      return in_pairs(a, b);
    } else if constexpr (N == 4) {
      const P a = halves<2>(x[0][0] + x[0][1], x[1][0] + x[1][1]);
      const P b = halves<2>(x[2][0] + x[2][1], x[3][0] + x[3][1]);
      return in_pairs(a, b);
    } else {
      const P a = (x[0][0] + x[0][2]) + (x[0][1] + x[0][3]);
      const P b = (x[1][0] + x[1][2]) + (x[1][1] + x[1][3]);
      return in_pairs(a, b);
    }
  }
  template <int kHalf> static P halves(P x, P y, int quarter = 0) {
    const auto a = x.lanes(), b = y.lanes();
    if constexpr (kHalf == 2) {
      return P(__builtin_shufflevector(a, b, 0, 1, 4, 5)) +
             P(__builtin_shufflevector(a, b, 2, 3, 6, 7));
    } else if (quarter == 0) {
      return P(__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)) +
             P(__builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15));
    } else {
      return P(__builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13)) +
             P(__builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15));
    }
  }
  // Even lanes and odd lanes, of x and then of y.
  static P in_pairs(P x, P y) {
    const auto a = x.lanes(), b = y.lanes();
    if constexpr (N == 8) {
      return P(__builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)) +
             P(__builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15));
    } else if constexpr (N == 4) {
      return P(__builtin_shufflevector(a, b, 0, 2, 4, 6)) +
             P(__builtin_shufflevector(a, b, 1, 3, 5, 7));
    } else {
      return P(__builtin_shufflevector(a, b, 0, 2)) + P(__builtin_shufflevector(a, b, 1, 3));
    }
  }

  // Sums over the rows, for kCount entries of a list, each `kWidth` numbers of which the last is
  // the sum. make(entry) gives what to add up as a function of the first row. kWhole: there are
  // whole groups of kLanes rows; else they are masked beyond the last.
  template <std::size_t kCount, std::size_t kWidth, bool kWhole, class Make>
  [[gnu::always_inline]] static P sums_of(const std::uint32_t* entry, const BlockState& f,
                                          const Make& make) {
    using Term = decltype(make(entry));
    const auto terms = [&]<std::size_t... k>(std::index_sequence<k...>) {
      return std::array<Term, kCount>{make(entry + kWidth * k)...};
    }(std::make_index_sequence<kCount>{});
    std::array<P, kGroups> sums[N];
    for (std::size_t k = 0; k < kCount; ++k) sums[k].fill(P(0.0));
    const std::size_t rows = f.rows, whole = kWhole ? rows : rows / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
      for (std::size_t g = 0; g < kGroups; ++g)
        for (std::size_t k = 0; k < kCount; ++k) sums[k][g] += terms[k](i + g * N);
    }
    if constexpr (!kWhole) {
      for (std::size_t i = whole, g = 0; i < rows; i += N, ++g) {
        const Mask is_row = P::first(rows - i);
        for (std::size_t k = 0; k < kCount; ++k) sums[k][g] += select(is_row, terms[k](i), 0.0);
      }
    }
    for (std::size_t k = kCount; k < N; ++k) sums[k] = sums[0];
    return totals(sums);
  }

  template <std::size_t kWidth, bool kWhole, class Make>
  static void sum_over(const Instruction& s, BlockState& f, const Make& make) {
    const std::uint32_t* entry = f.list + s.list();
    const std::uint32_t* const end = entry + kWidth * std::size_t{s.count()};
    Mask nan = P::first(0);
    const auto take = [&]<std::size_t kCount>(std::integral_constant<std::size_t, kCount>) {
      for (; static_cast<std::size_t>(end - entry) >= kWidth * kCount; entry += kWidth * kCount) {
        const P sums = sums_of<kCount, kWidth, kWhole>(entry, f, make);
        nan = nan | ne(sums, sums);
        if (kCount == N && s.out.is(Argument::kSum)) {
          sums.store(f.sums + entry[kWidth - 1]);
        } else {
          for (std::size_t k = 0; k < kCount; ++k)
            f.sums[entry[kWidth * k + kWidth - 1]] = sums.lanes()[k];
        }
      }
    };
    take(std::integral_constant<std::size_t, N>{});
    if constexpr (N > 4) take(std::integral_constant<std::size_t, 4>{});
    if constexpr (N > 2) take(std::integral_constant<std::size_t, 2>{});
    take(std::integral_constant<std::size_t, 1>{});
    f.is_nan |= nan.any();
  }

  template <std::size_t kWidth, class Make>
  static void sum_over_rows(const Instruction& s, BlockState& f, const Make& make) {
    if (f.rows % kLanes == 0)
      sum_over<kWidth, true>(s, f, make);
    else
      sum_over<kWidth, false>(s, f, make);
  }

  static void sum_rows(const Instruction& s, BlockState& f) {
    sum_over_rows<2>(s, f, [&](const std::uint32_t* entry) {
      return [x = reg(f, entry[0])](std::size_t row) { return P::load(x + row); };
    });
  }
  template <bool kNanSafe> static auto product_of(const double* x, const double* y) {
    return [x, y](std::size_t row) {
      return Base::template adjoint_product<kNanSafe>(P::load(x + row), P::load(y + row));
    };
  }
  template <bool kNanSafe> static void sum_products(const Instruction& s, BlockState& f) {
    sum_over_rows<2>(s, f, [&, a = reg(f, s.a)](const std::uint32_t* entry) {
      return product_of<kNanSafe>(a, reg(f, entry[0]));
    });
  }
  template <bool kNanSafe> static void sum_pairs(const Instruction& s, BlockState& f) {
    sum_over_rows<3>(s, f, [&](const std::uint32_t* entry) {
      return product_of<kNanSafe>(reg(f, entry[0]), reg(f, entry[1]));
    });
  }

  // Sums for kCount entries of a tile and kUnits of its factors.
  template <std::size_t kCount, std::size_t kUnits, bool kWhole, bool kNanSafe>
  [[gnu::always_inline]] static void tile_sums(const std::uint32_t* each,
                                               const std::uint32_t* entry, std::size_t place,
                                               BlockState& f, Mask& nan) {
    constexpr std::size_t kSums = kCount * kUnits, kVectors = (kSums + N - 1) / N;
    std::array<P, kGroups> sums[kVectors * N];
    for (auto& sum : sums) sum.fill(P(0.0));
    const double *x[kCount], *a[kUnits];
    for (std::size_t k = 0; k < kCount; ++k) x[k] = reg(f, entry[k]);
    for (std::size_t t = 0; t < kUnits; ++t) a[t] = reg(f, each[2 * t]);
    const std::size_t rows = f.rows, whole = kWhole ? rows : rows / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
      for (std::size_t g = 0; g < kGroups; ++g) {
        P factor[kUnits];
        for (std::size_t t = 0; t < kUnits; ++t) factor[t] = P::load(a[t] + i + g * N);
        for (std::size_t k = 0; k < kCount; ++k) {
          const P row = P::load(x[k] + i + g * N);
          for (std::size_t t = 0; t < kUnits; ++t)
            sums[t * kCount + k][g] += Base::template adjoint_product<kNanSafe>(factor[t], row);
        }
      }
    }
    if constexpr (!kWhole) {
      for (std::size_t i = whole, g = 0; i < rows; i += N, ++g) {
        const Mask is_row = P::first(rows - i);
        for (std::size_t k = 0; k < kCount; ++k)
          for (std::size_t t = 0; t < kUnits; ++t) {
            const P product =
                Base::template adjoint_product<kNanSafe>(P::load(a[t] + i), P::load(x[k] + i));
            sums[t * kCount + k][g] += select(is_row, product, 0.0);
          }
      }
    }
    for (std::size_t v = 0; v < kVectors; ++v) {
      const P total = totals(sums + v * N);
      nan = nan | ne(total, total);
      if constexpr (2 * kCount == N) {
        store_halves(total, f.sums + each[4 * v + 1] + place, f.sums + each[4 * v + 3] + place);
      } else {
        for (std::size_t t = 0; t < kUnits; ++t) f.sums[each[2 * t + 1] + place] = total.lanes()[t];
      }
    }
  }
  static void store_halves(P x, double* first, double* second) {
    const auto lanes = x.lanes();
    if constexpr (N == 2) {
      *first = lanes[0];
      *second = lanes[1];
    } else {
      using Half = typename SimdVector<N / 2>::Type;
      Half a, b;
      if constexpr (N == 8) {
        a = __builtin_shufflevector(lanes, lanes, 0, 1, 2, 3);
        b = __builtin_shufflevector(lanes, lanes, 4, 5, 6, 7);
      } else {
        a = __builtin_shufflevector(lanes, lanes, 0, 1);
        b = __builtin_shufflevector(lanes, lanes, 2, 3);
      }
      std::memcpy(first, &a, sizeof a);
      std::memcpy(second, &b, sizeof b);
    }
  }

  // As many sums at once as the processor's registers hold.
  template <bool kWhole, bool kNanSafe> static void sum_tile(const Instruction& s, BlockState& f) {
    constexpr std::size_t kUnits = N == 8 ? kTile : 2, kCount = N == 2 ? 1 : N / 2;
    static_assert(kTile % kUnits == 0);
    const std::uint32_t *const each = f.list + s.list(), *const entry = each + 2 * kTile;
    Mask nan = P::first(0);
    for (std::size_t t = 0; t < kTile; t += kUnits) {
      std::size_t k = 0;
      for (; k + kCount <= s.count(); k += kCount)
        tile_sums<kCount, kUnits, kWhole, kNanSafe>(each + 2 * t, entry + k, k, f, nan);
      for (; k < s.count(); ++k)
        tile_sums<1, kUnits, kWhole, kNanSafe>(each + 2 * t, entry + k, k, f, nan);
    }
    f.is_nan |= nan.any();
  }
  template <bool kNanSafe> static void sum_products_tile(const Instruction& s, BlockState& f) {
    if (f.rows % kLanes == 0)
      sum_tile<true, kNanSafe>(s, f);
    else
      sum_tile<false, kNanSafe>(s, f);
  }
};

}  // namespace autograd::detail
