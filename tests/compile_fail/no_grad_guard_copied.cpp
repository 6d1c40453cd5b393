// A guard belongs to the scope it stands in.

#include <autograd/no_grad.hpp>

int main() {
  const autograd::NoGradGuard guard;
#ifdef SHOULD_FAIL
  const autograd::NoGradGuard copy = guard;
#endif
}
