// How kernels are written, for N lanes. Included by the files that are compiled for one set of
// instructions each: all here is a template over Pack<N>, so that no code of one gets into another.
#pragma once

#include <algorithm>
#include <array>
#include <autograd/detail/kernels.hpp>
#include <autograd/detail/pack.hpp>
#include <cstring>
#include <utility>

namespace autograd::detail {

template <class P> struct KernelsOf;

template <std::size_t N> struct KernelsOf<Pack<N>> {
  using P = Pack<N>;
  using Mask = typename P::Mask;
  static constexpr std::size_t kGroups = kLanes / N;

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

  // ---- operations ----

  template <class Op> static void operation(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    const std::size_t lanes = f.lanes;
    if constexpr (requires { Op::domain; }) {
      const Operand a(f, s.a);
      if constexpr (Op::domain.size() == 1) {
        for (std::size_t i = 0; i < lanes; i += N) P(Op::value(a[i])).store(out + i);
      } else {
        const Operand b(f, s.b);
        for (std::size_t i = 0; i < lanes; i += N) P(Op::value(a[i], b[i])).store(out + i);
      }
    } else if constexpr (std::same_as<Op, ops::Select>) {
      const Operand a(f, s.a), b(f, s.b), c(f, s.c);
      for (std::size_t i = 0; i < lanes; i += N) {
        const P x[] = {a[i], b[i], c[i]};
        Op::value(std::span<const P>(x), 0).store(out + i);
      }
    } else {
      ranged<Op>(s, f);
    }
  }

  // The list from b on holds c registers; a is which output is meant.
  template <class Op> static void ranged(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    P* const x = static_cast<P*>(f.operands);
    for (std::size_t i = 0; i < f.lanes; i += N) {
      for (std::size_t k = 0; k < s.c; ++k) x[k] = Operand(f, f.list[s.b + k])[i];
      Op::value(std::span<const P>(x, s.c), s.a).store(out + i);
    }
  }

  // In the sweep a gradient of 0 is skipped: where the other factor is finite, the product is 0
  // anyway.
  template <bool kCareful> static P flow(P upstream, P partial) {
    const P product = upstream * partial;
    if constexpr (!kCareful) return product;
    return select(equal(upstream, 0.0) & not_equal(product, product), 0.0, product);
  }
  template <bool kCareful> static void flow_step(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    const Operand a(f, s.a), b(f, s.b);
    const std::size_t lanes = f.lanes;
    for (std::size_t i = 0; i < lanes; i += N) flow<kCareful>(a[i], b[i]).store(out + i);
  }

  // ---- two operations in one step ----

  template <class Op, bool kCareful> static P binary(P x, P y) {
    if constexpr (std::same_as<Op, ops::Flow>) {
      return flow<kCareful>(x, y);
    } else {
      return Op::value(x, y);
    }
  }

  template <class First, class Last, bool kTurned, bool kCareful>
  static void fused_step(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    const Operand a(f, s.a), b(f, s.b), c(f, s.c);
    const std::size_t lanes = f.lanes;
    for (std::size_t i = 0; i < lanes; i += N) {
      const P x = binary<First, kCareful>(a[i], b[i]), y = c[i];
      binary<Last, kCareful>(kTurned ? y : x, kTurned ? x : y).store(out + i);
    }
  }
  template <class First, class Last, bool kCareful>
  static void fused_step(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    const Operand a(f, s.a), b(f, s.b);
    const std::size_t lanes = f.lanes;
    for (std::size_t i = 0; i < lanes; i += N)
      P(Last::value(binary<First, kCareful>(a[i], b[i]))).store(out + i);
  }

  static void unless(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    const Operand a(f, s.a), b(f, s.b);
    for (std::size_t i = 0; i < f.lanes; i += N) Unless::value(a[i], b[i]).store(out + i);
  }

  static void bell(const Step& s, Frame& f) {
    double* const out = reg(f, s.out);
    const Operand a(f, s.a);
    for (std::size_t i = 0; i < f.lanes; i += N) ops::Exp::value(-(a[i] * a[i])).store(out + i);
  }

  // ---- in and out ----

  static void broadcast(const Step& s, Frame& f) {
    const P x = f.uniforms[s.a];
    double* const out = reg(f, s.out);
    for (std::size_t i = 0; i < f.lanes; i += N) x.store(out + i);
  }
  static void collect(const Step& s, Frame& f) { f.uniforms[s.out] = *reg(f, s.a); }

  // Lanes beyond the rows hold the last row again.
  static void load_from(const double* from, std::size_t stride, double* to, const Frame& f) {
    std::size_t i = 0;
    if (stride == 1)
      for (; i + N <= f.rows; i += N) P::load(from + i).store(to + i);
    for (; i < f.rows; ++i) to[i] = from[i * stride];
    for (; i < f.lanes; ++i) to[i] = to[f.rows - 1];
  }
  // Whole vectors are stored together, and looked at for NaN on the way; so are lanes beyond the
  // rows, which hold the last row again.
  template <bool kNegated>
  static void store_to(const double* from, double* to, std::size_t stride, Frame& f) {
    Mask nan = P::first(0);
    for (std::size_t i = 0; i < f.lanes; i += N) {
      const P x = kNegated ? -P::load(from + i) : P::load(from + i);
      nan = nan | not_equal(x, x);
      if (stride == 1 && i + N <= f.rows) {
        x.store(to + i);
      } else {
        for (std::size_t k = i; k < std::min(i + N, f.rows); ++k) to[k * stride] = x.lanes()[k - i];
      }
    }
    f.is_nan |= nan.any();
  }

  static void load(const Step& s, Frame& f) {
    load_from(f.inputs.at(0, s.a), f.inputs.row_stride, reg(f, s.out), f);
  }
  template <bool kNegated> static void store(const Step& s, Frame& f) {
    const Columns& to = f.outputs[s.b];
    store_to<kNegated>(reg(f, s.a), to.at(0, s.out), to.row_stride, f);
  }
  static void keep(const Step& s, Frame& f) {
    store_to<false>(reg(f, s.a), f.kept + s.out * f.block, 1, f);
  }
  static void fetch(const Step& s, Frame& f) {
    load_from(f.kept + s.a * f.block, 1, reg(f, s.out), f);
  }

  static void check(const Step& s, Frame& f) {
    const double* const x = reg(f, s.a);
    for (std::size_t i = 0; i < f.rows; ++i) {
      if (x[i] == s.b) continue;
      if (!f.has_strayed) f.decision = s.c;
      f.has_strayed = true;
      f.strayed[i] = 1;
    }
  }

  // ---- sums within a row ----

  // Calls body(count, first vector) for kMost vectors at once, and one by one for the rest; count
  // is a compile-time number.
  template <std::size_t kMost, class Body>
  static void some_at_once(std::size_t vectors, const Body& body) {
    std::size_t v = 0;
    for (; v + kMost <= vectors; v += kMost) body(std::integral_constant<std::size_t, kMost>{}, v);
    for (; v < vectors; ++v) body(std::integral_constant<std::size_t, 1>{}, v);
  }

  // What a sum starts from, for the rows from `row` on.
  static P start(std::uint32_t a, std::size_t row, Frame& f) {
    if (a == kNone) return 0.0;
    if (a == kMinusZero) return -0.0;
    if ((a & kUniform) == 0) return P::load(reg(f, a) + row);
    const double x = f.uniforms[a & ~(kUniform | kFromZero)];
    return (a & kFromZero) == 0 ? x : 0.0 + x;
  }

  // Adds up term(entry, first row) for the entries of a list, each `kWidth` numbers.
  template <std::size_t kWidth, class Term>
  static void add_up(const Step& s, Frame& f, const Term& term) {
    some_at_once<4>(f.lanes / N, [&]<std::size_t kSize>(std::integral_constant<std::size_t, kSize>,
                                                        std::size_t vector) {
      const std::size_t row = vector * N;
      P sum[kSize];
      for (std::size_t i = 0; i < kSize; ++i) sum[i] = start(s.a, row + i * N, f);
      const std::uint32_t* entry = f.list + s.b;
      for (const std::uint32_t* const end = entry + kWidth * s.c; entry != end; entry += kWidth)
        term(entry, row, sum, std::integral_constant<std::size_t, kSize>{});
      for (std::size_t i = 0; i < kSize; ++i) sum[i].store(reg(f, s.out) + row + i * N);
    });
  }

  static void add_registers(const Step& s, Frame& f) {
    add_up<1>(s, f, [&](const std::uint32_t* entry, std::size_t row, P* sum, auto size) {
      const double* const x = reg(f, *entry) + row;
      for (std::size_t i = 0; i < size; ++i) sum[i] += P::load(x + i * N);
    });
  }
  static void add_uniforms(const Step& s, Frame& f) {
    add_up<1>(s, f, [&](const std::uint32_t* entry, std::size_t, P* sum, auto size) {
      const P x = f.uniforms[*entry];
      for (std::size_t i = 0; i < size; ++i) sum[i] += x;
    });
  }
  template <bool kCareful> static void add_products(const Step& s, Frame& f) {
    add_up<2>(s, f, [&](const std::uint32_t* entry, std::size_t row, P* sum, auto size) {
      const double *const x = reg(f, entry[0]) + row, *const y = reg(f, entry[1]) + row;
      for (std::size_t i = 0; i < size; ++i)
        sum[i] += flow<kCareful>(P::load(x + i * N), P::load(y + i * N));
    });
  }
  // kOut: the gradient is the register, else the uniform.
  template <bool kCareful, bool kOut> static void add_scaled(const Step& s, Frame& f) {
    add_up<2>(s, f, [&](const std::uint32_t* entry, std::size_t row, P* sum, auto size) {
      const P x = f.uniforms[entry[0]];
      const double* const y = reg(f, entry[1]) + row;
      for (std::size_t i = 0; i < size; ++i) {
        const P each = P::load(y + i * N);
        sum[i] += kOut ? flow<kCareful>(each, x) : flow<kCareful>(x, each);
      }
    });
  }

  // Vectors of kTile sums that the processor's registers hold.
  static constexpr std::size_t kVectorsOfTile = N == 8 ? 4 : 2;

  template <bool kCareful, bool kOut> static void add_scaled_tile(const Step& s, Frame& f) {
    some_at_once<kVectorsOfTile>(
        f.lanes / N,
        [&]<std::size_t kSize>(std::integral_constant<std::size_t, kSize>, std::size_t vector) {
          const std::size_t row = vector * N;
          const std::uint32_t* const each = f.list + s.b;
          P sum[kTile][kSize];
          for (std::size_t t = 0; t < kTile; ++t)
            for (std::size_t i = 0; i < kSize; ++i)
              sum[t][i] = start(each[2 * t + 1], row + i * N, f);
          const std::uint32_t* entry = each + 2 * kTile;
          for (const std::uint32_t* const end = entry + (1 + kTile) * s.c; entry != end;
               entry += 1 + kTile) {
            const double* const y = reg(f, entry[0]) + row;
            P factor[kSize];
            for (std::size_t i = 0; i < kSize; ++i) factor[i] = P::load(y + i * N);
            for (std::size_t t = 0; t < kTile; ++t) {
              const P x = f.uniforms[entry[1 + t]];
              for (std::size_t i = 0; i < kSize; ++i)
                sum[t][i] += kOut ? flow<kCareful>(factor[i], x) : flow<kCareful>(x, factor[i]);
            }
          }
          for (std::size_t t = 0; t < kTile; ++t)
            for (std::size_t i = 0; i < kSize; ++i)
              sum[t][i].store(reg(f, each[2 * t]) + row + i * N);
        });
  }

  // ---- sums over rows ----

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
  [[gnu::always_inline]] static P sums_of(const std::uint32_t* entry, const Frame& f,
                                          const Make& make) {
    using Term = decltype(make(entry));
    const auto terms = [&]<std::size_t... k>(std::index_sequence<k...>) {
      return std::array<Term, kCount>{make(entry + kWidth * k)...};
    }
    (std::make_index_sequence<kCount>{});
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
  static void sum_over(const Step& s, Frame& f, const Make& make) {
    const std::uint32_t* entry = f.list + s.b;
    const std::uint32_t* const end = entry + kWidth * std::size_t{s.c};
    Mask nan = P::first(0);
    const auto take = [&]<std::size_t kCount>(std::integral_constant<std::size_t, kCount>) {
      for (; static_cast<std::size_t>(end - entry) >= kWidth * kCount; entry += kWidth * kCount) {
        const P sums = sums_of<kCount, kWidth, kWhole>(entry, f, make);
        nan = nan | not_equal(sums, sums);
        if (kCount == N && s.out != kNone) {
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
  static void sum_over_rows(const Step& s, Frame& f, const Make& make) {
    if (f.rows % kLanes == 0)
      sum_over<kWidth, true>(s, f, make);
    else
      sum_over<kWidth, false>(s, f, make);
  }

  static void sum_rows(const Step& s, Frame& f) {
    sum_over_rows<2>(s, f, [&](const std::uint32_t* entry) {
      return [x = reg(f, entry[0])](std::size_t row) { return P::load(x + row); };
    });
  }
  template <bool kCareful> static auto product_of(const double* x, const double* y) {
    return [x, y](std::size_t row) { return flow<kCareful>(P::load(x + row), P::load(y + row)); };
  }
  template <bool kCareful> static void sum_products(const Step& s, Frame& f) {
    sum_over_rows<2>(s, f, [&, a = reg(f, s.a)](const std::uint32_t* entry) {
      return product_of<kCareful>(a, reg(f, entry[0]));
    });
  }
  template <bool kCareful> static void sum_pairs(const Step& s, Frame& f) {
    sum_over_rows<3>(s, f, [&](const std::uint32_t* entry) {
      return product_of<kCareful>(reg(f, entry[0]), reg(f, entry[1]));
    });
  }

  // Sums for kCount entries of a tile and kUnits of its factors.
  template <std::size_t kCount, std::size_t kUnits, bool kWhole, bool kCareful>
  [[gnu::always_inline]] static void tile_sums(const std::uint32_t* each,
                                               const std::uint32_t* entry, std::size_t place,
                                               Frame& f, Mask& nan) {
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
            sums[t * kCount + k][g] += flow<kCareful>(factor[t], row);
        }
      }
    }
    if constexpr (!kWhole) {
      for (std::size_t i = whole, g = 0; i < rows; i += N, ++g) {
        const Mask is_row = P::first(rows - i);
        for (std::size_t k = 0; k < kCount; ++k)
          for (std::size_t t = 0; t < kUnits; ++t) {
            const P product = flow<kCareful>(P::load(a[t] + i), P::load(x[k] + i));
            sums[t * kCount + k][g] += select(is_row, product, 0.0);
          }
      }
    }
    for (std::size_t v = 0; v < kVectors; ++v) {
      const P total = totals(sums + v * N);
      nan = nan | not_equal(total, total);
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
      using Half = typename Lanes<N / 2>::Vector;
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
  template <bool kWhole, bool kCareful> static void sum_tile(const Step& s, Frame& f) {
    constexpr std::size_t kUnits = N == 8 ? kTile : 2, kCount = N == 2 ? 1 : N / 2;
    static_assert(kTile % kUnits == 0);
    const std::uint32_t *const each = f.list + s.b, *const entry = each + 2 * kTile;
    Mask nan = P::first(0);
    for (std::size_t t = 0; t < kTile; t += kUnits) {
      std::size_t k = 0;
      for (; k + kCount <= s.c; k += kCount)
        tile_sums<kCount, kUnits, kWhole, kCareful>(each + 2 * t, entry + k, k, f, nan);
      for (; k < s.c; ++k)
        tile_sums<1, kUnits, kWhole, kCareful>(each + 2 * t, entry + k, k, f, nan);
    }
    f.is_nan |= nan.any();
  }
  template <bool kCareful> static void sum_products_tile(const Step& s, Frame& f) {
    if (f.rows % kLanes == 0)
      sum_tile<true, kCareful>(s, f);
    else
      sum_tile<false, kCareful>(s, f);
  }

  // ---- the table ----

  template <bool kCareful> static constexpr std::array<Kernels::Run, kKernelCount> table() {
    std::array<Kernels::Run, kKernelCount> run{};
    ops::All::for_each([&]<class Op>() { run[code<Op>] = operation<Op>; });
    run[code<ops::Flow>] = flow_step<kCareful>;
    FusedFirst::for_each([&]<class First>() {
      constexpr std::size_t first = FusedFirst::index<First>();
      FusedLast::for_each([&]<class Last>() {
        constexpr std::size_t last = FusedLast::index<Last>();
        run[fused(first, last, false)] = fused_step<First, Last, false, kCareful>;
        run[fused(first, last, true)] = fused_step<First, Last, true, kCareful>;
      });
      FusedLastOfOne::for_each([&]<class Last>() {
        run[fused(first, FusedLastOfOne::index<Last>())] = fused_step<First, Last, kCareful>;
      });
    });
    run[kUnless] = unless;
    run[kBellOfRows] = bell;
    run[kBroadcast] = broadcast;
    run[kCollect] = collect;
    run[kLoad] = load;
    run[kStore] = store<false>;
    run[kStoreNegated] = store<true>;
    run[kKeep] = keep;
    run[kFetch] = fetch;
    run[kCheck] = check;
    run[kAddRegisters] = add_registers;
    run[kAddUniforms] = add_uniforms;
    run[kAddProducts] = add_products<false>;
    run[kAddScaled] = add_scaled<false, false>;
    run[kAddFlows] = add_products<kCareful>;
    run[kAddFlowsOut] = add_scaled<kCareful, true>;
    run[kAddFlowsIn] = add_scaled<kCareful, false>;
    run[kAddScaledTile] = add_scaled_tile<false, false>;
    run[kAddFlowsOutTile] = add_scaled_tile<kCareful, true>;
    run[kAddFlowsInTile] = add_scaled_tile<kCareful, false>;
    run[kSumRows] = sum_rows;
    run[kSumProducts] = sum_products<false>;
    run[kSumFlows] = sum_products<kCareful>;
    run[kSumProductPairs] = sum_pairs<false>;
    run[kSumFlowPairs] = sum_pairs<kCareful>;
    run[kSumProductsTile] = sum_products_tile<false>;
    run[kSumFlowsTile] = sum_products_tile<kCareful>;
    return run;
  }

  static constexpr Kernels kernels(const char* name) {
    return {name, N, table<false>(), table<true>()};
  }
};

}  // namespace autograd::detail
