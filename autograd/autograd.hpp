// Everything of namespace autograd.
#pragma once

#include <autograd/check.hpp>
#include <autograd/custom.hpp>
#include <autograd/derivatives.hpp>
#include <autograd/dot.hpp>
#include <autograd/error.hpp>
#include <autograd/explain.hpp>
#include <autograd/expression.hpp>
#include <autograd/formula.hpp>
#include <autograd/function.hpp>
#include <autograd/gradient.hpp>
#include <autograd/gradient_expression.hpp>
#include <autograd/hessian.hpp>
#include <autograd/jacobian.hpp>
#include <autograd/matrix.hpp>
#include <autograd/nonfinite.hpp>
#include <autograd/ops.hpp>
#include <autograd/ranges.hpp>
#include <autograd/scope.hpp>
#include <autograd/singular.hpp>
#include <autograd/statistics.hpp>
#include <autograd/step_curve.hpp>
#include <autograd/strict.hpp>
#include <autograd/value.hpp>
#include <autograd/worksheet.hpp>
