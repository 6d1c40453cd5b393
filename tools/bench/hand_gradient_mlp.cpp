// The hand-written gradient of W3: all rows of the batch at once, one layer after the other.
//
// A layer's values are stored one neuron after the other, the 32 rows of the batch side by side,
// so that the innermost loops run over independent numbers and the compiler uses SIMD.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "hand_gradients.hpp"

namespace bench {
namespace {

constexpr std::size_t kRows = Mlp::row_count;
using Column = std::array<double, kRows>;  // one neuron, every row

// out = weights * in + bias, for each row.
template <std::size_t In, std::size_t Out>
void forward(const double* p, const std::array<Column, In>& in, std::array<Column, Out>& out) {
  for (Column& column : out) {
    Column sum;
    sum.fill(p[In]);
    for (std::size_t i = 0; i < In; ++i) {
      for (std::size_t r = 0; r < kRows; ++r) sum[r] += p[i] * in[i][r];
    }
    column = sum;
    p += In + 1;
  }
}

void tanh_in_place(std::span<Column> layer) {
  for (Column& column : layer) {
    for (double& a : column) a = std::tanh(a);
  }
}

// The gradient of a layer's parameters, from that of its sums: 32 weights at a time, so that their
// sums over the rows stay in registers.
template <std::size_t In, std::size_t Out>
void parameter_gradient(const std::array<Column, In>& in, const std::array<Column, Out>& d_out,
                        double* gradient) {
  constexpr std::size_t block = 32;
  static_assert(In % block == 0);
  std::array<std::array<double, In>, kRows> row;
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t i = 0; i < In; ++i) row[r][i] = in[i][r];
  }
  for (const Column& d : d_out) {
    for (std::size_t first = 0; first < In; first += block) {
      std::array<double, block> sum{};
      for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t i = 0; i < block; ++i) sum[i] += d[r] * row[r][first + i];
      }
      std::copy(sum.begin(), sum.end(), gradient + first);
    }
    gradient[In] = std::accumulate(d.begin(), d.end(), 0.0);
    gradient += In + 1;
  }
}

// The gradient of the sums of a tanh layer, from that of the sums of the layer after it.
template <std::size_t In, std::size_t Out>
void backward(const double* p, const std::array<Column, In>& in,
              const std::array<Column, Out>& d_out, std::array<Column, In>& d_in) {
  for (Column& d : d_in) d.fill(0);
  for (const Column& d : d_out) {
    for (std::size_t i = 0; i < In; ++i) {
      for (std::size_t r = 0; r < kRows; ++r) d_in[i][r] += p[i] * d[r];
    }
    p += In + 1;
  }
  for (std::size_t i = 0; i < In; ++i) {
    for (std::size_t r = 0; r < kRows; ++r) d_in[i][r] *= 1 - in[i][r] * in[i][r];
  }
}

// Mean cross-entropy of the scores z, which become its gradient with respect to them.
double loss_and_gradient(std::array<Column, Mlp::classes>& z) {
  double loss = 0;
  for (std::size_t r = 0; r < kRows; ++r) {
    double total = 0;
    loss -= z[Mlp::label(r)][r];
    for (Column& score : z) total += score[r] = std::exp(score[r]);
    loss += std::log(total);
    for (Column& score : z) score[r] /= total * kRows;
    z[Mlp::label(r)][r] -= 1.0 / kRows;
  }
  return loss / kRows;
}

}  // namespace

double hand_gradient(const Mlp& f, std::span<const double> p, std::span<double> gradient) {
  std::array<Column, Mlp::inputs> x;
  std::array<Column, Mlp::hidden1> a, d_a;
  std::array<Column, Mlp::hidden2> b, d_b;
  std::array<Column, Mlp::classes> z;
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t i = 0; i < Mlp::inputs; ++i) x[i][r] = f.row(r)[i];
  }
  forward(p.data(), x, a);
  tanh_in_place(a);
  forward(p.data() + Mlp::layer2, a, b);
  tanh_in_place(b);
  forward(p.data() + Mlp::layer3, b, z);

  const double loss = loss_and_gradient(z);
  parameter_gradient(b, z, gradient.data() + Mlp::layer3);
  backward(p.data() + Mlp::layer3, b, z, d_b);
  parameter_gradient(a, d_b, gradient.data() + Mlp::layer2);
  backward(p.data() + Mlp::layer2, a, d_b, d_a);
  parameter_gradient(x, d_a, gradient.data());
  return loss;
}

}  // namespace bench
