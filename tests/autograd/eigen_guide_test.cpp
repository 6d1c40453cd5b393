// The code of the guide about other libraries.

#include <Eigen/Core>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/documents.hpp>

using namespace autograd;

TEST_CASE("eigen: every block of code of the guide is in this file, line by line") {
  documents::check_code_is_tested("autograd/guide/other-libraries.md",
                                  "tests/autograd/eigen_guide_test.cpp");
}

TEST_CASE("eigen: the code of the guide") {
  {
    const Eigen::Matrix3d a = Eigen::Vector3d(1, 2, 3).asDiagonal();
    const auto f = [&a](const auto& x) { return x.dot(a * x) + x.sum(); };
    const Eigen::Vector3d at(1, 0, -1);
    const Eigen::Vector3d slopes = gradient(f, at);
    const Eigen::Matrix3d curvature = hessian(f, at);
    CHECK(slopes == Eigen::Vector3d(3, 1, -5));
    CHECK(curvature == 2 * a);
  }
  {
    const Function loss = Function::trace([](auto p, auto x) { return square(p[0] * x[0] - x[1]); },
                                          {1.0}, {2.0, 3.0});
    const Eigen::MatrixXd data = Eigen::MatrixXd::Ones(5, 2);  // five rows
    const auto [mean_loss, slope] = loss.value_and_gradient({1.5}, data);
    CHECK(mean_loss == 0.25);
  }
  {
    const Eigen::Matrix<Value, 2, 2> a = Eigen::Matrix2d::Identity().cast<Value>();
    const Eigen::Matrix<Value, 2, 1> x = solve(a, Eigen::Vector2d(1, 2));
    x(1).backward();
    CHECK(a(1, 0).grad() == -1);  // dx_1/dA(1,0) = -x_0
  }
}
