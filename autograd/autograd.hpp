// Everything of namespace autograd.
#pragma once

#include <autograd/error.hpp>
#include <autograd/graph.hpp>
#include <autograd/ops.hpp>
#include <autograd/ranges.hpp>
#include <autograd/value.hpp>
