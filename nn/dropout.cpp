#include "nn/dropout.hpp"

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

void Dropout::check() const {
  if (!(keep > 0 && keep <= 1)) {
    detail::fail("nn::Dropout", "a probability of keeping a unit above 0 and at most 1",
                 text::shortest(keep));
  }
}

}  // namespace nn
