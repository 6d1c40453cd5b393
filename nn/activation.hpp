// Activation: what a unit does to its weighted sum, out = f(net).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>

namespace nn {

using autograd::Value;

class Activation {
 public:
  // The usual ones. What they do, and choose at kinks, is that of the operations of the same name.
  static const Activation identity, tanh, sigmoid, relu, step, square;
  static const Activation leaky_relu, elu;  // slope 0.01 and depth 1 on the negative side
  static const Activation gelu, silu, softplus;

  // A function of one's own, written with the operations of Value:
  //   Activation("sine", [](const Value& x) { return sin(x); })
  // Throws: Error if the name or the function is empty.
  Activation(std::string name, std::function<Value(const Value&)> function);

  // One of the above or any other operation with one operand, by its name.
  // Throws: Error, with all names, if there is none of this name.
  static Activation named(std::string_view name);
  static std::vector<std::string_view> names();

  Value operator()(const Value& net) const { return own_ ? own_->function(net) : function_(net); }
  std::string_view name() const { return own_ ? std::string_view(own_->name) : name_; }

 private:
  struct Own {
    std::string name;
    std::function<Value(const Value&)> function;
  };

  constexpr Activation(Value (*function)(const Value&), std::string_view name)
      : name_(name), function_(function) {}
  static std::vector<Activation> all();

  std::string_view name_;
  Value (*function_)(const Value&) = nullptr;
  std::shared_ptr<const Own> own_;
};

}  // namespace nn
