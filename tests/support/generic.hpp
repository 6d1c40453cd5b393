// Generic callables as objects of one type, whatever the callable is: what takes callables of any
// type, as gradient() does, is compiled once for them, and not once for each.
#pragma once

#include <span>
#include <tuple>

#include <autograd/autograd.hpp>

namespace generic {

template <std::size_t N, class S = double> using Dual = autograd::detail::Dual<N, S>;
template <class S> using Active = autograd::detail::Active<S>;

// f(x) of a range of numbers, for each number type T of the list. f is a lambda without captures.
template <class... T> class OfRange {
 public:
  template <class F> OfRange(F) : calls_(&kCalls<F>) {}

  template <class Number> Number operator()(std::span<const Number> x) const {
    return std::get<Call<Number>>(*calls_)(x);
  }

 private:
  template <class Number> using Call = Number (*)(std::span<const Number>);
  template <class F> static constexpr std::tuple<Call<T>...> kCalls{
      [](std::span<const T> x) -> T { return F()(x); }...};

  const std::tuple<Call<T>...>* calls_;
};

// The same of one number.
template <class... T> class OfNumber {
 public:
  template <class F> OfNumber(F) : calls_(&kCalls<F>) {}

  template <class Number> Number operator()(const Number& x) const {
    return std::get<Call<Number>>(*calls_)(x);
  }

 private:
  template <class Number> using Call = Number (*)(const Number&);
  template <class F>
  static constexpr std::tuple<Call<T>...> kCalls{[](const T& x) -> T { return F()(x); }...};

  const std::tuple<Call<T>...>* calls_;
};

// A callable of a range, with the number types of gradient() and jacobian(), for any number of inputs.
using OnceDifferentiable =
    OfRange<autograd::Value, Dual<1>, Dual<2>, Dual<3>, Dual<4>, Dual<8>, Active<double>>;
// The same with those of hessian() too.
using TwiceDifferentiable =
    OfRange<autograd::Value, Dual<1>, Dual<2>, Dual<3>, Dual<4>, Dual<8>, Active<double>,
            Dual<1, Dual<1>>, Dual<2, Dual<2>>, Dual<3, Dual<3>>, Dual<4, Dual<4>>,
            Dual<4, Dual<1>>, Active<Dual<1>>, Active<Dual<8>>>;

}  // namespace generic
