// Every operation, defined once: name, formulas as text, domain, value, local derivatives.
//
// The operations stand in autograd/ops/, a file for each family; each file ends with the list of
// its operations and the functions that users call. Everything else (operation codes, labels, the
// reference, the tests over all operations) is derived from the list `ops::All` in this file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <autograd/ops/activations.hpp>
#include <autograd/ops/arithmetic.hpp>
#include <autograd/ops/comparisons.hpp>
#include <autograd/ops/floating_point.hpp>
#include <autograd/ops/gamma_functions.hpp>
#include <autograd/ops/info.hpp>
#include <autograd/ops/list.hpp>
#include <autograd/ops/logarithms.hpp>
#include <autograd/ops/number.hpp>
#include <autograd/ops/piecewise.hpp>
#include <autograd/ops/powers.hpp>
#include <autograd/ops/range_ops.hpp>
#include <autograd/ops/removable_singularities.hpp>
#include <autograd/ops/rule.hpp>
#include <autograd/ops/special_functions.hpp>
#include <autograd/ops/trigonometric.hpp>
#include <autograd/ops/unlisted.hpp>

namespace autograd {
namespace ops {

// Of one or two operands.
using Elementary =
    Concatenation<Arithmetic, Powers, Logarithms, Trigonometric, SpecialFunctions, GammaFunctions,
                  RemovableSingularities, Piecewise, FloatingPoint, Activations, Comparisons>;
// Recorded as derivatives of the others: nobody calls them by a name.
using DerivativesOnly = List<LogCoshDerivative, LogNormalCdfDerivative, SincDerivative,
                             Expm1OverXDerivative, Log1pOverXDerivative>;
// In the order of their codes.
using All = Concatenation<Elementary, Choices, Ranged, Unlisted, DerivativesOnly>;

}  // namespace ops

namespace detail {

// Names an operation: its place in the list.
using Code = std::uint8_t;
template <class Op> inline constexpr Code code = static_cast<Code>(ops::All::index<Op>());
static_assert(ops::All::size <= 250, "codes above are for nodes that are no operations");

// Facts by code, of codes of the list; false of others.
struct Facts {
  bool is_comparison = false;
  bool is_ranged = false;  // takes a list of operands
  ops::Commutes commutes = ops::Commutes::kNo;
};
inline constexpr auto kFacts = []<class... Op>(ops::List<Op...>) {
  return std::array{
      Facts{ops::Comparisons::contains<Op>, ops::Ranged::contains<Op>, Op::info.commutes}...};
}(ops::All{});
constexpr Facts facts(Code c) { return c < kFacts.size() ? kFacts[c] : Facts{}; }

}  // namespace detail
}  // namespace autograd
