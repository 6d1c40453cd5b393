// Functions of Boost.Math with the library's numbers for their number type.

#include <cmath>
#include <span>
#include <vector>

#include <boost/math/special_functions/cardinal_b_spline.hpp>
#include <boost/math/special_functions/chebyshev.hpp>
#include <boost/math/special_functions/ellint_rc.hpp>
#include <boost/math/special_functions/ellint_rd.hpp>
#include <boost/math/special_functions/ellint_rf.hpp>
#include <boost/math/special_functions/gegenbauer.hpp>
#include <boost/math/special_functions/hermite.hpp>
#include <boost/math/special_functions/jacobi.hpp>
#include <boost/math/special_functions/laguerre.hpp>
#include <boost/math/special_functions/legendre.hpp>
#include <boost/math/special_functions/sinhc.hpp>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

using autograd::Value;

namespace {

// The derivative on Values against differences in long double, and the value.
template <class F> void check(const char* name, const F& f, const std::vector<double>& x) {
  CAPTURE(name);
  const auto of_values = [&f](std::span<const Value> v) { return f(v); };
  const auto found = autograd::value_and_gradient(of_values, x);
  const std::vector<programs::Wide> wide(x.begin(), x.end());
  CHECK(found.value ==
        doctest::Approx(static_cast<double>(f(std::span<const programs::Wide>(wide)))));
  std::vector<double> expected;
  for (std::size_t i = 0; i < x.size(); ++i)
    expected.push_back(static_cast<double>(programs::difference(f, wide, i)));
  programs::check_close(found.gradient, expected, 1e-9, name);
}

}  // namespace

TEST_CASE("boost math: orthogonal polynomials") {
  using namespace boost::math;
  check("legendre_p", [](auto x) { return legendre_p(5, x[0]); }, {0.3});
  check("laguerre", [](auto x) { return laguerre(4, x[0]); }, {1.3});
  check("hermite", [](auto x) { return hermite(4, x[0]); }, {0.7});
  check("chebyshev_t", [](auto x) { return chebyshev_t(5, x[0]); }, {0.4});
  check("chebyshev_u", [](auto x) { return chebyshev_u(4, x[0]); }, {-0.4});
  check("gegenbauer", [](auto x) { return gegenbauer(3, x[0], x[1]); }, {1.5, 0.2});
  check("jacobi", [](auto x) { return jacobi(3, x[0], x[1], x[2]); }, {0.5, 1.5, 0.2});
}

TEST_CASE("boost math: splines, hyperbolic sinc and Carlson's elliptic integrals") {
  using namespace boost::math;
  check("cardinal_b_spline", [](auto x) { return cardinal_b_spline<3>(x[0]); }, {0.6});
  check("sinhc_pi", [](auto x) { return sinhc_pi(x[0]); }, {1.2});
  check("ellint_rf", [](auto x) { return ellint_rf(x[0], x[1], x[2]); }, {0.5, 1.5, 2.5});
  check("ellint_rc", [](auto x) { return ellint_rc(x[0], x[1]); }, {0.5, 1.5});
  check("ellint_rd", [](auto x) { return ellint_rd(x[0], x[1], x[2]); }, {0.5, 1.5, 2.5});
}
