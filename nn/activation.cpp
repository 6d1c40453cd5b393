#include "nn/activation.hpp"

#include <new>
#include <utility>

namespace nn {

namespace ops = autograd::ops;

namespace {

Value same(const Value& x) { return x; }
Value leaky(const Value& x) { return autograd::leaky_relu(x); }
Value exponential(const Value& x) { return autograd::elu(x); }

template <class Op> Value operation(const Value& x) { return autograd::detail::apply<Op>(x); }

}  // namespace

// Initialised before anything that runs, so that other statics may use them.
constinit const Activation Activation::identity{&same, "identity"};
constinit const Activation Activation::tanh{&operation<ops::Tanh>, "tanh"};
constinit const Activation Activation::sigmoid{&operation<ops::Sigmoid>, "sigmoid"};
constinit const Activation Activation::relu{&operation<ops::Relu>, "relu"};
constinit const Activation Activation::step{&operation<ops::Step>, "step"};
constinit const Activation Activation::square{&operation<ops::Square>, "square"};
constinit const Activation Activation::leaky_relu{&leaky, "leaky_relu"};
constinit const Activation Activation::elu{&exponential, "elu"};
constinit const Activation Activation::gelu{&operation<ops::Gelu>, "gelu"};
constinit const Activation Activation::silu{&operation<ops::Silu>, "silu"};
constinit const Activation Activation::softplus{&operation<ops::Softplus>, "softplus"};

Activation::Activation(std::string name, std::function<Value(const Value&)> function) try {
  if (name.empty()) throw autograd::Error("nn::Activation: expected a name, got an empty one.");
  if (!function) {
    throw autograd::Error("nn::Activation '" + name +
                          "': expected a function of one Value, got an empty one.");
  }
  own_ = std::make_shared<const Own>(Own{std::move(name), std::move(function)});
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<Activation> Activation::all() {
  std::vector<Activation> result{identity, leaky_relu, elu};
  ops::Elementary::for_each([&]<class Op>() {
    if constexpr (Op::domain.size() == 1) {
      result.push_back(Activation(&operation<Op>, Op::info.name));
    }
  });
  return result;
}

Activation Activation::named(std::string_view name) try {
  std::string known;
  for (Activation& each : all()) {
    if (each.name() == name) return std::move(each);
    known += (known.empty() ? "" : ", ") + std::string(each.name());
  }
  throw autograd::Error("nn::Activation::named: expected one of " + known + "; got '" +
                        std::string(name) + "'.");
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<std::string_view> Activation::names() try {
  std::vector<std::string_view> result;
  for (const Activation& each : all()) result.push_back(each.name_);
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
