// A Value does not turn into a number by itself: that would drop its gradient without a word.

#include <autograd/value.hpp>

int main() {
  autograd::Value value = 1.0;
#ifdef SHOULD_FAIL
  double number = value;
#else
  double number = value.data();
#endif
  return number == 1.0 ? 0 : 1;
}
