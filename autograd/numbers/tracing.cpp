#include "autograd/numbers/tracing.hpp"

namespace autograd::detail {

void note_guard(Value comparison, bool outcome) {
  with_memory_errors([&] { tape.tracing->guards.push_back({std::move(comparison), outcome}); });
}

}  // namespace autograd::detail
