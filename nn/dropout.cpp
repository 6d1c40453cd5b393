#include "nn/dropout.hpp"

#include <nn/text/errors.hpp>
#include <nn/text/numbers.hpp>

namespace nn {

void Dropout::check() const {
  if (!(keep > 0 && keep <= 1)) {
    detail::fail("nn::Dropout", "a probability of keeping a unit above 0 and at most 1",
                 detail::text_of(keep));
  }
}

}  // namespace nn
