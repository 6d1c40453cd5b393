#include "nn/normalisation.hpp"

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace text = autograd::text;

void check_normalised(const char* function, std::size_t count, double epsilon) {
  if (count == 0) fail(function, "at least one number", "none");
  if (!(epsilon >= 0)) fail(function, "an epsilon of at least 0", text::shortest(epsilon));
}

void check_per_number(const char* function, const char* what, std::size_t given,
                      std::size_t count) {
  if (given == count) [[likely]]
    return;
  fail(function, "one " + std::string(what) + " for each of " + counted(count, "number"),
       std::to_string(given));
}

}  // namespace nn::detail
