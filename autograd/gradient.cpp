#include "autograd/gradient.hpp"

namespace autograd::detail {

void wrong_size(const char* function, const char* what, const char* each, std::size_t expected,
                std::size_t given) {
  throw Error(std::string(function) + "(): " + what + " needs one entry for each " + each + ", " +
              std::to_string(expected) + " in all; it has " + std::to_string(given));
}

}  // namespace autograd::detail
