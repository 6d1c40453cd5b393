#include "autograd/numbers/tracing.hpp"

namespace autograd::detail {

void note_decision(Value comparison, bool outcome) {
  tape.tracing->decisions.push_back({std::move(comparison), outcome});
}

}  // namespace autograd::detail
