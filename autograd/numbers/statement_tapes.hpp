// The statement tapes of this thread: one for each type of numbers that is used.
#pragma once

#include <autograd/numbers/active.hpp>
#include <autograd/numbers/dual.hpp>

namespace autograd::detail {

template <class Visit> void for_each_statement_tape(const Visit& visit) {
  visit(statement_tape<double>);
  visit(statement_tape<Dual<1>>);
  visit(statement_tape<Dual<2>>);
  visit(statement_tape<Dual<4>>);
}

}  // namespace autograd::detail
