#include <iostream>

#include <autograd/autograd.hpp>

int main() {
  using autograd::Value;
  Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");

  Value f = 1 / (w0 * x0 + w1);
  f.set_label("f");
  f.backward();

  std::cout << "f = " << f << ", df/dw0 = " << w0.grad() << '\n';  // f = -0.5, df/dw0 = -0.75
  render(f, "first.png");  // needs Graphviz: apt install graphviz
}
