#include "autograd/numbers/tracing.hpp"

namespace autograd::detail {

void note_guard(Value comparison, bool outcome) {
  with_memory_errors([&] { tape.tracing->guards.push_back({std::move(comparison), outcome}); });
}

}  // namespace autograd::detail

namespace autograd {

void Value::note_number() const {
  const double x = number();
  if (x == x) {
    detail::note_guard(record<ops::Equal>(*this, x), true);
  } else {
    detail::note_guard(record<ops::NotEqual>(*this, *this), true);
  }
}

}  // namespace autograd
