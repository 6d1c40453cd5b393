// Numbers of the library in Eigen's matrices: products, sums, norms, decompositions and solvers, on
// their own and mixed with matrices of double.
//
//   using Matrix = Eigen::Matrix<autograd::Value, Eigen::Dynamic, Eigen::Dynamic>;
//   Matrix a = numbers.cast<autograd::Value>();  // leaves
//   Value y = solve(a, b).norm();
//   y.backward();
//   Eigen::MatrixXd gradient = a.unaryExpr([](const Value& x) { return x.grad(); });
//
// Derivatives of functions of a vector of Eigen: see eigen_vectors.hpp.
//
//   auto f = [&](const auto& x) { return x.dot(a * x); };
//   Eigen::VectorXd slopes = gradient(f, point);
//   Eigen::MatrixXd curvature = hessian(f, point);
//   auto y = function.values({}, rows);  // rows: an Eigen::MatrixXd of either order, not copied
//
// No derivative is lost where entries are exactly 0. solve(A, b) and log_determinant(A) are functions
// of this library, with few nodes. Eigenvalues, eigenvectors of symmetric matrices and the SVD, by
// Eigen's names, have the derivatives of their rules. The guide guide/other-libraries.md lists where Eigen branches
// on the value of a number, and what becomes of it.
//
// Needs Eigen 3.4, and no later one, on the include path, as <Eigen/Core>. Nothing else of this library
// does: include this file by name.
#pragma once

#include <autograd/eigen/general.hpp>
#include <autograd/eigen/rotations.hpp>
#include <autograd/eigen/short_cuts.hpp>
#include <autograd/eigen/svd.hpp>
#include <autograd/eigen/symmetric.hpp>
#include <autograd/eigen_solve.hpp>
#include <autograd/eigen_vectors.hpp>
