// Operations of one's own, and functions whose inside is forgotten.
#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/jacobian.hpp>
#include <autograd/numbers/running_call.hpp>
#include <autograd/strict.hpp>
#include <autograd/tape/annotations.hpp>

namespace autograd {
namespace detail {

// Records a node of a custom operation.
Value record_custom(std::shared_ptr<const CustomRule> rule, std::span<const Value> operands,
                    double value, std::span<const double> derivatives);

// The same while a Function is traced.
Value record_traced(const CustomRule& rule, std::span<const Value> operands, const Value& value);
[[noreturn]] void cannot_trace(const std::string& name);

// From where it is made on operations are looked at.
class RecordedSince {
 public:
  RecordedSince() { tape.sealed_end = std::max(tape.sealed_end, tape.size); }
  // Throws: Error, which begins with `name`, if the result depends on the inputs of the trace in
  // another way than by the operands.
  void require_operands_only(const std::string& name, const Value& result,
                             std::span<const Value> operands) const {
    detail::require_operands_only(name, result, first_, operands);
  }

 private:
  Time first_ = tape.now();
};

// One Value or number, or a range of them; numbers become constants.
inline Value value_of(const Value& x) { return x; }
inline Value value_of(double x) { return Value::constant(x); }
template <class Y> std::vector<Value> values_of(const Y& y) {
  return with_memory_errors([&] {
    std::vector<Value> result;
    if constexpr (std::ranges::range<Y>) {
      for (const auto& each : y) result.push_back(value_of(each));
    } else {
      result.push_back(value_of(y));
    }
    return result;
  });
}

template <class Derivatives>
std::function<std::vector<Value>(std::span<const Value>)> rule_of(Derivatives derivatives) {
  if constexpr (TakesSpanOf<Derivatives, Value>) {
    return [derivatives](std::span<const Value> x) { return values_of(derivatives(x)); };
  } else {
    return {};
  }
}

// One number or a range of them.
template <class S, class Y> std::vector<S> numbers(const Y& y) {
  return with_memory_errors([&]() -> std::vector<S> {
    if constexpr (std::ranges::range<Y>) {
      return {std::ranges::begin(y), std::ranges::end(y)};
    } else {
      return {S(y)};
    }
  });
}

// dr/dx of a function that gives upstream * dr/dx.
template <class Derivatives> auto local_derivatives(Derivatives derivatives) {
  if constexpr (std::invocable<Derivatives&, std::span<const double>, double>) {
    return [derivatives]<class T>(std::span<const T> x)
    requires std::invocable<const Derivatives&, std::span<const T>, double>
    {
      return derivatives(x, 1.0);
    };
  } else {
    return derivatives;
  }
}

// The same numbers as results of their own. Operands may depend on one another, or be the same; the
// derivative by one of them is to leave the others as they are.
std::vector<Value> renamed(std::span<const Value> operands);

}  // namespace detail

// An operation with a name, a value and local derivatives; a function of Values.
template <class ValueOf, class DerivativesOf> class CustomOperation {
 public:
  CustomOperation(std::string name, ValueOf value, DerivativesOf derivatives)
      : value_(std::move(value)), derivatives_(derivatives), rule_(detail::with_memory_errors([&] {
          return std::make_shared<detail::CustomRule>(
              detail::CustomRule{std::move(name), detail::rule_of(std::move(derivatives))});
        })) {}

  Value operator()(std::span<const Value> x) const {
    if (detail::tape.tracing != nullptr) return traced(x);
    const auto in = detail::with_memory_errors([&] { return detail::data_of(x); });
    const std::span<const double> numbers(in);
    const double value = value_(numbers);
    return detail::record_custom(rule_, x, value, detail::numbers<double>(derivatives_(numbers)));
  }
  // In a callable for any number type.
  template <Differentiable T>
  requires requires { typename T::Data; }
  T operator()(std::span<const T> x) const {
    using S = typename T::Data;
    static_assert(detail::TakesSpanOf<const DerivativesOf, S>,
                  "the derivatives of a custom operation must take any number type to be "
                  "differentiated again: let them be [](auto x)");
    std::vector<S> in;
    for (const T& each : x) in.push_back(each.data());
    const std::span<const S> numbers(in);
    const std::vector<S> derivatives = detail::numbers<S>(derivatives_(numbers));
    rule_->require(x.size(), derivatives.size());
    if constexpr (Differentiable<S>) {
      return T::function(x, (*this)(numbers), derivatives);
    } else {
      return T::function(x, value_(numbers), derivatives);
    }
  }
  template <Number... X> auto operator()(const X&... x) const {
    using Common = std::common_type_t<X...>;
    using T = std::conditional_t<Differentiable<Common>, Common, Value>;
    return (*this)(std::span<const T>(std::array<T, sizeof...(X)>{T(detail::plain(x))...}));
  }

 private:
  // While a Function is traced: the value as a graph, with these derivatives instead of its own.
  Value traced(std::span<const Value> x) const {
    if constexpr (detail::TakesSpanOf<const ValueOf, Value>) {
      const detail::RecordedSince since;
      const Value value = value_(x);
      since.require_operands_only("custom operation '" + rule_->name + "'", value, x);
      return detail::record_traced(*rule_, x, value);
    } else {
      detail::cannot_trace(rule_->name);
    }
  }

  ValueOf value_;
  DerivativesOf derivatives_;
  std::shared_ptr<const detail::CustomRule> rule_;
};

// An operation of your own, drawn under its name:
//
//   auto cube = custom("cube", [](auto x) { return x[0] * x[0] * x[0]; },
//                      [](auto x) { return 3.0 * x[0] * x[0]; });
//   Value y = cube(a);
//
// `value` and `derivatives` take std::span<const double>. `derivatives` returns dr/dx_i for every
// operand, a number or a range of them. It may also be a vector-Jacobian product: then it takes the
// adjoint of the result as a second argument, and returns the product of that and dr/dx_i.
// With auto both are called with Values too, where a Function is traced. If `derivatives` takes
// std::span<const Value> as well (auto does), the operation can be differentiated again; if not,
// derivatives() through it is an Error.
// check_gradient() finds out whether the derivatives are right.
//
// Throws: Error in the trace of a Function if the value depends on the inputs of the trace in another
// way than by the operands.
template <class ValueOf, class DerivativesOf>
auto custom(std::string name, ValueOf value, DerivativesOf derivatives) {
  auto local = detail::local_derivatives(std::move(derivatives));
  return CustomOperation<ValueOf, decltype(local)>(std::move(name), std::move(value),
                                                   std::move(local));
}

namespace detail {

// f and its Jacobian at x, of which nothing may depend but on x.
template <class F> ValuesAndJacobian inside(F& f, Point x) {
  const auto run = [&](const auto& inputs, std::span<const Value> in, const auto& jacobian_of) {
    const std::vector<Value> y = outputs(f(in));
    inputs.call().require_inputs_only("checkpoint", y);
    return ValuesAndJacobian{data_of(y), jacobian_of(y)};
  };
  if (tape.strict != nullptr) {
    const StrictRun in(x);
    return run(in, in.inputs(), [&](const auto& y) { return in.jacobian_of(y); });
  }
  if constexpr (!TakesSpanOf<F, Active<double>>) {
    const RecordedInputs in(x);
    return run(in, in.values(), [&](const auto& y) { return jacobian_of_values(y, in); });
  } else if constexpr (Differentiable<std::invoke_result_t<F&, std::span<const Value>>>) {
    ValueAndGradient y = value_and_gradient(f, x);
    return with_memory_errors([&] {
      return ValuesAndJacobian{{y.value}, {1, x.size(), std::move(y.gradient)}};
    });
  } else {
    return values_and_jacobian(f, x);
  }
}

}  // namespace detail

// f(xs) as one node: its inside is differentiated at once, numerically, and forgotten. The graph
// then holds one node with an edge to each of xs, however many operations f takes; a derivative of
// higher order runs f again. While a Function is traced it is f(xs).
//
// Requires: all that is to be differentiated comes in through xs.
// f is a callable as in gradient.hpp, or one that returns several numbers.
// Throws: Error if f uses another Value that varies.
// Cost: a gradient of f where the graph is recorded (of several outputs: a Jacobian), and one edge
// for each of xs where it is swept.
template <class F> auto checkpoint(F f, std::span<const Value> xs) {
  using Output = std::invoke_result_t<F&, std::span<const Value>>;
  constexpr bool kHasOneOutput = Differentiable<Output>;
  using Result = std::conditional_t<kHasOneOutput, Value, std::vector<Value>>;
  if (detail::tape.tracing != nullptr) {
    if constexpr (kHasOneOutput) {
      return Result(f(xs));
    } else {
      return Result(detail::outputs(f(xs)));
    }
  }
  const auto x = detail::with_memory_errors([&] { return detail::data_of(xs); });
  const ValuesAndJacobian y = detail::inside(f, x);
  const auto node = [&](std::size_t j) {
    auto derivatives_of = [f, j](std::span<const Value> operands) mutable {
      const std::vector<Value> in = detail::renamed(operands);
      return derivatives(detail::outputs(f(std::span<const Value>(in)))[j], in);
    };
    const auto rule = detail::with_memory_errors([&] {
      return std::make_shared<detail::CustomRule>(detail::CustomRule{"checkpoint", derivatives_of});
    });
    return detail::record_custom(rule, xs, y.values[j],
                                 std::span(y.jacobian.data).subspan(j * x.size(), x.size()));
  };
  if constexpr (kHasOneOutput) {
    return node(0);
  } else {
    Result result;
    for (std::size_t j = 0; j < y.values.size(); ++j) result.push_back(node(j));
    return result;
  }
}
template <class F> auto checkpoint(F f, std::initializer_list<Value> xs) {
  return checkpoint(std::move(f), std::span<const Value>(xs.begin(), xs.size()));
}

}  // namespace autograd
