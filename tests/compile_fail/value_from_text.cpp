// Text is a label, not a number.

#include <autograd/value.hpp>

int main() {
#ifdef SHOULD_FAIL
  const autograd::Value value = "1.0";
#else
  const autograd::Value value(1.0, "1.0");
#endif
  return value.data() == 1.0 ? 0 : 1;
}
