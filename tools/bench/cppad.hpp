// CppAD: a function recorded once and replayed, row by row.
#pragma once

#include <iostream>
#include <span>
#include <type_traits>
#include <vector>

// Of these the copy of CppAD that comes with TMB makes use.
inline std::ostream& Rcout = std::cout;
template <class T> struct isDouble : std::is_same<T, double> {};
#define CSKIP(...) __VA_ARGS__
// Its assertions name variables that are commented out.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define NDEBUG

#include <cppad/cppad.hpp>

#pragma pop_macro("NDEBUG")

namespace CppAD {

// It has erf, but not erfc.
inline AD<double> erfc(const AD<double>& x) { return 1.0 - erf(x); }

}  // namespace CppAD

namespace bench {

class CppAdFunction {
 public:
  // Recorded at x, and made as small as CppAD can.
  template <class F> CppAdFunction(const F& f, std::span<const double> x) {
    using Number = CppAD::AD<double>;
    std::vector<Number> inputs(x.begin(), x.end());
    CppAD::Independent(inputs);
    const std::vector<Number> outputs{
        f.template operator()<Number>(std::span<const Number>(inputs))};
    function_.Dependent(inputs, outputs);
    function_.optimize();
  }

  std::vector<double> gradient(const std::vector<double>& x) {
    function_.Forward(0, x);
    return function_.Reverse(1, std::vector<double>{1.0});
  }

 private:
  CppAD::ADFun<double> function_;
};

}  // namespace bench
