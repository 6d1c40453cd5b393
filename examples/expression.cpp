// A formula, its value and its gradient.

#include <iostream>

#include <autograd/autograd.hpp>

using autograd::Value;

int main() {
  // A Value remembers how it was computed.
  Value w0 = -2, x0 = 3, w1 = 4;
  Value f = 1 / (w0 * x0 + w1);
  std::cout << "f = 1 / (w0 * x0 + w1) = " << f << "\n";

  // backward() walks from f back to w0, x0 and w1 by the chain rule.
  f.backward();
  std::cout << "df/dw0 = " << w0.grad() << "\n";
  std::cout << "df/dx0 = " << x0.grad() << "\n";
  std::cout << "df/dw1 = " << w1.grad() << "\n";

  // What a derivative means: if w1 grows a little, f changes by df/dw1 times as much.
  const double little = 1e-6;
  Value moved = 1 / (w0 * x0 + (w1 + little));
  std::cout << "measured: " << (moved.data() - f.data()) / little << "\n";

  // Gradients add up until they are set to zero, so that a sum can be taken one term at a time.
  Value g = w1 * w1;
  g.backward();
  std::cout << "df/dw1 + dg/dw1 = " << w1.grad() << "\n";
  w1.zero_grad();
  g.backward();
  std::cout << "dg/dw1 = " << w1.grad() << "\n";
}
