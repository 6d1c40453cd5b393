// The folded tapes of this thread: one for each type of numbers that is used.
#pragma once

#include <autograd/numbers/active.hpp>
#include <autograd/numbers/dual.hpp>

namespace autograd::detail {

template <class Visit> void for_each_folded_tape(const Visit& visit) {
  visit(folded_tape<double>);
  visit(folded_tape<Dual<1>>);
  visit(folded_tape<Dual<2>>);
  visit(folded_tape<Dual<4>>);
}

}  // namespace autograd::detail
