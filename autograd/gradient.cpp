#include <autograd/gradient.hpp>

namespace autograd::detail {

void require_size(const char* function, const char* what, std::size_t expected, std::size_t given) {
  if (expected == given) return;
  throw Error(std::string(function) + "(): " + what + " must have " + std::to_string(expected) +
              " entries, one for each input; it has " + std::to_string(given));
}

}  // namespace autograd::detail
