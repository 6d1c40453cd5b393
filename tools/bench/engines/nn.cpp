// The layers of nn, eagerly: one dot product a unit instead of W3's plain loops.
#include <autograd/autograd.hpp>
#include <nn/nn.hpp>
#include "engines.hpp"

namespace bench {
namespace {

using autograd::Value;

class Layers {
 public:
  explicit Layers(std::span<const double>)
      : net_({Mlp::inputs, Mlp::hidden1, Mlp::hidden2, Mlp::classes}, nn::Activation::tanh,
             nn::Activation::identity) {}

  double run(const Mlp& f, std::span<const double> x, std::span<double> gradient) {
    const std::span<Value> parameters = net_.parameters();
    for (std::size_t i = 0; i < x.size(); ++i) {
      parameters[i].set_data(x[i]);
      parameters[i].zero_grad();
    }
    const Value y = loss(f);
    y.backward();
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = parameters[i].grad();
    return y.data();
  }

  std::size_t graph_bytes(const Mlp& f) const {
    const std::size_t before = autograd::graph_statistics().bytes;
    const Value y = loss(f);
    return autograd::graph_statistics().bytes - before;
  }

 private:
  Value loss(const Mlp& f) const {
    std::vector<Value> losses;
    for (std::size_t r = 0; r < Mlp::row_count; ++r) {
      const std::vector<Value> z = net_(f.row(r));
      losses.push_back(logsumexp(z) - z[Mlp::label(r)]);
    }
    return mean(losses);
  }

  nn::Mlp net_;
};

std::unique_ptr<Job> prepare_layers(std::string_view workload) {
  if (workload != Mlp::name) return nullptr;
  return std::make_unique<JobOf<Layers, Mlp>>(Mlp{});
}

}  // namespace

Engine nn_engine() { return {"nn", "nn::Mlp, backward(): W3 only", prepare_layers}; }

}  // namespace bench
