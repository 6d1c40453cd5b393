#include "autograd/no_grad.hpp"

#include <utility>

namespace autograd {

NoGradGuard::NoGradGuard() {
  detail::Tape& tape = detail::tape;
  if (tape.tracing != nullptr) {
    throw Error(
        "NoGradGuard while a Function is traced: what is computed under it would not be replayed. "
        "Use detach().");
  }
  tape.begin_no_grad();
}

NoGradGuard::~NoGradGuard() { detail::tape.end_no_grad(); }

detail::GuardsLifted::GuardsLifted()
    : guards_(tape.no_grad.guards), strict_(std::exchange(tape.strict, nullptr)) {
  while (tape.no_grad.guards > 0) tape.end_no_grad();
}

detail::GuardsLifted::~GuardsLifted() {
  tape.strict = strict_;
  while (tape.no_grad.guards < guards_) tape.begin_no_grad();
}

}  // namespace autograd
