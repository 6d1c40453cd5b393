// Where an entry is exactly 0, Eigen takes short cuts by the value of a number. No derivative is
// lost there: each of these has a closed form.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <Eigen/QR>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>

using autograd::Value;

namespace {

template <class T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T> using RowMajor =
    Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T> using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

enum class Way {
  kLlt,
  kLdlt,
  kPartialLu,
  kFullLu,
  kQr,
  kPivotedQr,
  kComplete,
  kLower,
  kUpper,
  kRows
};

// x of A x = b.
template <class T> Vector<T> solution(Way way, const Matrix<T>& a, const Vector<T>& b) {
  switch (way) {
    case Way::kLlt:
      return a.llt().solve(b);
    case Way::kLdlt:
      return a.ldlt().solve(b);
    case Way::kPartialLu:
      return a.partialPivLu().solve(b);
    case Way::kFullLu:
      return a.fullPivLu().solve(b);
    case Way::kQr:
      return a.householderQr().solve(b);
    case Way::kPivotedQr:
      return a.colPivHouseholderQr().solve(b);
    case Way::kComplete:
      return a.completeOrthogonalDecomposition().solve(b);
    case Way::kLower:
      return a.template triangularView<Eigen::Lower>().solve(b);
    case Way::kUpper:
      return a.template triangularView<Eigen::Upper>().solve(b);
    case Way::kRows:
      return RowMajor<T>(a).template triangularView<Eigen::Lower>().solve(b);
  }
  return b;
}

// Of A by columns and b, as one list.
struct Solve {
  Way way;
  Eigen::Index n, entry;
  template <class T> T operator()(std::span<const T> in) const {
    const Eigen::Map<const Matrix<T>> a(in.data(), n, n);
    const Eigen::Map<const Vector<T>> b(in.data() + n * n, n);
    return solution<T>(way, a, b)(entry);
  }
};

const std::vector<Way> kAll{Way::kLlt,   Way::kLdlt,      Way::kPartialLu, Way::kFullLu,
                            Way::kQr,    Way::kPivotedQr, Way::kComplete,  Way::kLower,
                            Way::kUpper, Way::kRows};

std::vector<double> by_values(const Solve& f, const std::vector<double>& at) {
  const std::vector<Value> x = autograd::leaves(at);
  f(std::span<const Value>(x)).backward();
  std::vector<double> result;
  for (const Value& each : x) result.push_back(each.grad());
  return result;
}
std::vector<double> by_statements(const Solve& f, const std::vector<double>& at) {
  std::vector<double> result(at.size());
  autograd::detail::gradient_on_statements(f, at, result);
  return result;
}

}  // namespace

TEST_CASE("eigen: diag(4, 9) x = (0, 5): an entry that is 0 has a derivative") {
  const std::vector<double> at{4, 0, 0, 9, 0, 5};
  for (const Way way : kAll) {
    CAPTURE(static_cast<int>(way));
    const Solve f{way, 2, 0};
    for (const auto& slopes : {by_values(f, at), by_statements(f, at)}) {
      CHECK(slopes[4] == doctest::Approx(0.25));  // dx0/db0
      CHECK(slopes[5] == 0);                      // dx0/db1
      CHECK(slopes[0] == 0);                      // dx0/dA(0,0) = -x0 / 4
    }
  }
}

TEST_CASE("eigen: the identity: x = A^-1 b has dx_i/dA(i,j) = -x_j") {
  const std::vector<double> at{1, 0, 0, 1, 1, 2};
  for (const Way way : {Way::kPartialLu, Way::kFullLu, Way::kQr, Way::kPivotedQr, Way::kComplete}) {
    CAPTURE(static_cast<int>(way));
    const Solve f{way, 2, 1};
    for (const auto& slopes : {by_values(f, at), by_statements(f, at)}) {
      CHECK(slopes[1] == doctest::Approx(-1));  // dx1/dA(1,0) = -x0
      CHECK(slopes[3] == doctest::Approx(-2));  // dx1/dA(1,1) = -x1
      CHECK(slopes[5] == doctest::Approx(1));
      CHECK(slopes[4] == doctest::Approx(0));
    }
  }
}

TEST_CASE("eigen: a column of zeros is left alone by Householder's reflections") {
  const std::vector<Value> x = autograd::leaves({1.0, 2.0, 0.0, 0.0});
  const Eigen::Map<const Matrix<Value>> a(x.data(), 2, 2);
  const Matrix<Value> r = a.householderQr().matrixQR();
  for (Eigen::Index i = 0; i < 4; ++i) CHECK(std::isfinite(r(i).data()));
  CHECK(r(1, 1).data() == 0);
}

TEST_CASE("eigen: the imaginary part of a number is 0") {
  const Vector<Value> x = Eigen::VectorXd::Ones(3).cast<Value>();
  const Vector<Value> none = x.imag();
  CHECK(none(1).data() == 0);
  CHECK(x.conjugate()(1).data() == 1);
}
