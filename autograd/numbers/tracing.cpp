#include "autograd/numbers/tracing.hpp"

#include <autograd/tape/strict.hpp>

namespace autograd::detail {

void note_comparison(Value comparison, bool outcome) {
  with_memory_errors([&] {
    if (tape.strict != nullptr) tape.strict->check_comparison(comparison.id());
    if (tape.tracing == nullptr) return;
    if (tape.strict != nullptr) {
      const std::vector<Value> x = comparison.inputs();
      tape.tracing->guards.push_back({eq(x[0], x[1]), false});
    }
    tape.tracing->guards.push_back({std::move(comparison), outcome});
  });
}

}  // namespace autograd::detail
